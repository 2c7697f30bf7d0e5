import type { MetricSink } from '@drumline/scenario/runtime';
import type { Recorder } from '@drumline/stats';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LaneObserver } from './observer.js';

/** Records the metrics of the scenario's code, and shows each value to the observer, if any. */
export function metricSink(recorder: Recorder, observer: LaneObserver | undefined): MetricSink {
  const sink: MetricSink = {
    counter: (name, value) => recorder.counter(name, value, monotonicMs()),
    gauge: (name, value) => recorder.gauge(name, value, monotonicMs()),
    rate: (name, hit) => recorder.rate(name, hit, monotonicMs()),
    trend: (name, value) => recorder.trend(name, value, monotonicMs()),
  };
  return observer === undefined ? sink : observed(sink, observer);
}

function observed(sink: MetricSink, observer: LaneObserver): MetricSink {
  return {
    counter: (name, value) => {
      sink.counter(name, value);
      observer.metric('counter', name, value);
    },
    gauge: (name, value) => {
      sink.gauge(name, value);
      observer.metric('gauge', name, value);
    },
    rate: (name, hit) => {
      sink.rate(name, hit);
      observer.metric('rate', name, hit);
    },
    trend: (name, value) => {
      sink.trend(name, value);
      observer.metric('trend', name, value);
    },
  };
}
