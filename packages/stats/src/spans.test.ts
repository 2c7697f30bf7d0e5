import { expect, test } from '@jest/globals';
import type { Sample } from '@drumline/model';
import { encodeCounts } from './counts/encode.js';
import { KeyDictionary } from './counts/key-dictionary.js';
import { OpenIntervals } from './counts/open-intervals.js';
import { mergeDeltas } from './merge.js';
import { Recorder } from './recorder.js';
import { MAX_LANE_SPANS, MAX_RUN_SPANS } from './spans.js';
import { Totals } from './totals.js';

const series = { protocol: 'http', method: 'GET', name: '/', user: 'shopper', tags: [] };
const phases = { queuedMs: 0, connectMs: 1, sendMs: 0, waitMs: 2, receiveMs: 1 };

function sample(endedAtMs: number, more: Partial<Sample> = {}): Sample {
  const common = { series, outcome: 'passed', bytesSent: 1, bytesReceived: 1, durationUs: 4_000 } as const;
  return { ...common, endedAtMs, ...more };
}

function traceOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

test('requests with a trace reach the master, a few of each lane and second', () => {
  const recorder = new Recorder(1_000);
  recorder.record(sample(1_100));
  recorder.record(sample(1_200, { traceId: traceOf(1), status: 200, lateMs: 3, phases }));
  recorder.record(sample(1_300, { traceId: traceOf(2), outcome: 'failed', failure: 'status 503' }));
  for (let i = 0; i < 100; i++) recorder.record(sample(2_500, { traceId: traceOf(10 + i) }));
  const dictionary = new KeyDictionary();
  const intervals = new OpenIntervals();
  const keys = intervals.keyTable();
  const { keys: named, ...counts } = encodeCounts(recorder.close(3_000), dictionary);
  keys.learn({ dictionary: counts.dictionary, keys: named });
  expect(intervals.merge(counts, keys, { newestSecond: 5 })).toBeDefined();
  const first = intervals.take(0)!;
  expect(first.spans).toEqual([
    { key: series, traceId: traceOf(1), endedAtMs: 200, durationUs: 4_000, lateMs: 3, status: 200, phases },
    { key: series, traceId: traceOf(2), endedAtMs: 300, durationUs: 4_000, error: 'status 503' },
  ]);
  const second = intervals.take(1)!;
  expect(second.spans).toHaveLength(MAX_LANE_SPANS);
  expect(second.series[0]!.requests).toBe(100);
});

test('a second of a run has a limited number of spans, and totals have none', () => {
  const deltas = Array.from({ length: 30 }, (_, lane) => {
    const recorder = new Recorder(0);
    for (let i = 0; i < 20; i++) recorder.record(sample(10, { traceId: traceOf(lane * 100 + i) }));
    return recorder.close(500)[0]!;
  });
  const [merged] = mergeDeltas(deltas);
  expect(merged!.spans).toHaveLength(MAX_RUN_SPANS);
  const totals = new Totals();
  totals.add(merged!);
  expect(totals.snapshot().totals.requests).toBe(600);
  expect(totals.delta(0).spans).toBeUndefined();
});
