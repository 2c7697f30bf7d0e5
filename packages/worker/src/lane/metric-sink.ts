import { requireKnownKeys } from '@drumline/model';
import type { MetricOptions } from '@drumline/scenario';
import { METRIC_KEYS, type MetricSink } from '@drumline/scenario/runtime';
import type { Recorder } from '@drumline/stats';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LaneObserver } from './observer.js';
import { phaseSuffix } from './running-phase.js';

/**
 * Records the metrics of the scenario's code, and shows each value to the observer, if any.
 * @param running the phase of the code that adds a value
 */
export function metricSink(
  recorder: Recorder,
  running: { readonly name: string | undefined },
  observer: LaneObserver | undefined,
): MetricSink {
  /** @throws TypeError for an unknown option */
  const tagged = (name: string, options: MetricOptions | undefined): string => {
    if (options !== undefined) requireKnownKeys(options, METRIC_KEYS, `metric ${name}`);
    return name + phaseSuffix(running.name, options?.tags);
  };
  const sink: MetricSink = {
    counter: (name, value, options) => recorder.counter(tagged(name, options), value, monotonicMs()),
    gauge: (name, value, options) => recorder.gauge(tagged(name, options), value, monotonicMs()),
    rate: (name, hit, options) => recorder.rate(tagged(name, options), hit, monotonicMs()),
    trend: (name, value, options) => recorder.trend(tagged(name, options), value, monotonicMs()),
  };
  return observer === undefined ? sink : observed(sink, observer);
}

function observed(sink: MetricSink, observer: LaneObserver): MetricSink {
  return {
    counter: (name, value, options) => {
      sink.counter(name, value, options);
      observer.metric('counter', name, value);
    },
    gauge: (name, value, options) => {
      sink.gauge(name, value, options);
      observer.metric('gauge', name, value);
    },
    rate: (name, hit, options) => {
      sink.rate(name, hit, options);
      observer.metric('rate', name, hit);
    },
    trend: (name, value, options) => {
      sink.trend(name, value, options);
      observer.metric('trend', name, value);
    },
  };
}
