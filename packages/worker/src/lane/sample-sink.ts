import { Redactor, type Sample } from '@drumline/model';
import type { Recorder } from '@drumline/stats';
import type { Findings } from '../findings.js';
import type { LoadBundleOrder } from '../lane-protocol.js';
import { SampleFile } from '../samples/sample-file.js';
import { progress } from './progress.js';

type SampleSink = (sample: Sample) => void;

/** Where the samples of a lane go. */
export interface SampleSinks {
  /** Samples of the drivers. */
  readonly driver: SampleSink;
  /** Samples of the scenario's own code. Many may be recorded at once, so they are no progress. */
  readonly custom: SampleSink;
}

/** Sinks that record each sample, and pass it to others. */
export function sampleSinks(recorder: Recorder, ...others: readonly (SampleSink | undefined)[]): SampleSinks {
  const given = others.filter((sink) => sink !== undefined);
  const driver: SampleSink = (sample) => {
    progress.count += 1;
    recorder.record(sample);
  };
  return {
    driver: passedOn(driver, given),
    custom: passedOn((sample) => recorder.record(sample), given),
  };
}

/** The file of a lane's samples, if it keeps one. Samples that it leaves out are a finding. */
export function sampleFileOf(
  { samples, worker, lane, secrets }: LoadBundleOrder,
  findings: Findings,
): SampleFile | undefined {
  if (samples === undefined) return undefined;
  return new SampleFile(samples, { worker, lane }, Redactor.of(secrets), (subject, count) =>
    findings.add({ kind: 'samples-dropped', subject, count }),
  );
}

function passedOn(first: SampleSink, others: readonly SampleSink[]): SampleSink {
  if (others.length === 0) return first;
  return (sample) => {
    first(sample);
    for (const sink of others) sink(sample);
  };
}
