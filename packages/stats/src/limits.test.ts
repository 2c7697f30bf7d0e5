import { describe, expect, test } from '@jest/globals';
import type { Sample, SeriesKey } from '@drumline/model';
import fc from 'fast-check';
import type { IntervalDelta } from './delta.js';
import { checkDelta } from './delta.js';
import { mergeDeltas } from './merge.js';
import { Recorder } from './recorder.js';
import { Timeline } from './timeline.js';
import { Totals } from './totals.js';

const key = (name: string, more: Partial<SeriesKey> = {}): SeriesKey => ({
  protocol: 'http',
  method: 'GET',
  name,
  user: 'visitor',
  tags: [],
  ...more,
});

const sample = (series: SeriesKey, more: Partial<Sample> = {}): Sample => ({
  series,
  outcome: 'passed',
  endedAtMs: 100,
  durationUs: 1_000,
  bytesSent: 10,
  bytesReceived: 20,
  ...more,
});

function recorded(samples: readonly Sample[], maxSeries?: number): IntervalDelta[] {
  const recorder = new Recorder(0, maxSeries);
  for (const one of samples) recorder.record(one);
  return recorder.close(1_000);
}

function totalsOf(deltas: readonly IntervalDelta[], maxSeries?: number): Totals {
  const totals = new Totals(maxSeries);
  for (const delta of deltas) {
    checkDelta(delta);
    totals.add(delta);
  }
  return totals;
}

/** Names without digits, because messages that differ only in numbers are grouped. */
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    `/item/${index}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!),
  );

describe('series beyond the limit', () => {
  test('are counted together on lane, worker or master, and totals stay exact', () => {
    const requests = fc.array(
      fc.record({ lane: fc.nat(3), name: fc.nat(12), method: fc.constantFrom('GET', 'POST') }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 8 }), (all, maxSeries) => {
        const samples = all.map(({ lane, name, method }) => ({
          lane,
          one: sample(key(`/${name}`, { method })),
        }));
        const lanes = [0, 1, 2, 3].map((lane) =>
          recorded(
            samples.filter((entry) => entry.lane === lane).map(({ one }) => one),
            maxSeries,
          ),
        );
        const workers = [lanes.slice(0, 2), lanes.slice(2)].map((some) =>
          mergeDeltas(some.flat(), maxSeries),
        );
        const { totals, series } = totalsOf(workers.flat(), maxSeries).snapshot();
        const plain = totalsOf(
          recorded(
            samples.map(({ one }) => one),
            Infinity,
          ),
          Infinity,
        ).snapshot();
        expect(totals).toEqual(plain.totals);
        expect(series.reduce((sum, { requests }) => sum + requests, 0)).toBe(all.length);
        expect(series.filter(({ key: { name } }) => name !== '(other)').length).toBeLessThanOrEqual(
          maxSeries,
        );
        expect(series.filter(({ key: { name } }) => name === '(other)').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('are one series, with an estimate of their number', () => {
    const deltas = recorded(names(5_000).map((name) => sample(key(name))));
    const totals = totalsOf(deltas);
    const { series } = totals.snapshot();
    expect(series).toHaveLength(1_001);
    expect(series[0]).toMatchObject({
      key: { protocol: 'http', name: '(other)', user: '' },
      requests: 4_000,
    });
    expect(totals.distinctSeries).toBeGreaterThan(4_500);
    expect(totals.distinctSeries).toBeLessThan(5_500);
  });

  test('keep their names up to the limit', () => {
    expect(totalsOf(recorded(names(1_000).map((name) => sample(key(name))))).distinctSeries).toBeUndefined();
  });

  test('are not in the totals if they time parts of requests', () => {
    const parts = names(5).map((name) => sample(key(name, { protocol: 'grpc', method: 'message' })));
    const calls = names(5).map((name) => sample(key(name, { protocol: 'grpc', method: 'unary' })));
    const deltas = recorded([...calls, ...parts], 2);
    const timeline = new Timeline();
    for (const delta of deltas) timeline.add(delta);
    expect(totalsOf(deltas, 2).snapshot().totals.requests).toBe(5);
    expect(timeline.points()[0]!.requests).toBe(5);
  });

  test('of many protocols are limited, too', () => {
    const samples = names(500).map((protocol) => sample(key('x', { protocol })));
    const { series, totals } = totalsOf(recorded(samples, 10), 10).snapshot();
    expect(series.length).toBeLessThanOrEqual(10 + 21);
    expect(totals.requests).toBe(500);
  });
});

describe('other names in a scenario', () => {
  test('are limited, with exact sums: errors', () => {
    const samples = names(500).map((failure) => sample(key('/'), { outcome: 'failed', failure }));
    const { errors } = totalsOf(recorded(samples)).snapshot();
    expect(errors).toHaveLength(51);
    expect(errors.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(500);
    expect(errors[0]).toMatchObject({ error: '(other)', occurrences: 450 });
  });

  test('are limited, with exact sums: checks, metrics and exceptions', () => {
    const recorder = new Recorder(0);
    for (const name of names(3_000)) {
      recorder.check(name, true);
      recorder.counter(name, 2, 100);
      recorder.trend(name, 3, 100);
      recorder.exception({ user: 'u', task: 't', message: name, stack: '' }, 100);
    }
    const { checks, metrics, exceptions } = totalsOf(recorder.close(1_000)).snapshot();
    expect(checks.find(({ name }) => name === '(other)')).toMatchObject({ passes: 2_000 });
    expect(checks).toHaveLength(1_001);
    expect(metrics).toHaveLength(2_002);
    expect(metrics).toContainEqual({ kind: 'counter', name: '(other)', sum: 4_000 });
    expect(exceptions).toHaveLength(501);
    expect(exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(3_000);
  });

  test('are cut if they are too long', () => {
    const long = 'x'.repeat(100_000);
    const recorder = new Recorder(0);
    recorder.record(sample(key(long, { tags: [[long, long]] }), { outcome: 'failed', failure: long }));
    recorder.check(long, true);
    recorder.check(long, false);
    recorder.gauge(long, 1, 100);
    recorder.exception({ user: 'u', task: 't', message: long, stack: long }, 100);
    const deltas = recorder.close(1_000);
    expect(JSON.stringify(deltas).length).toBeLessThan(50_000);
    expect(deltas[0]!.checks).toEqual([{ name: expect.any(String), passes: 1, fails: 1 }]);
  });
});
