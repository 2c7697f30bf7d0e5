import { describe, expect, test } from '@jest/globals';
import type { Sample, SeriesKey } from '@drumline/model';
import { checkDelta } from './delta.js';
import { MAX_STATUSES } from './limits.js';
import { Recorder } from './recorder.js';
import { StatusTally, checkStatusCounts } from './statuses.js';
import { Totals } from './totals.js';

const KEY: SeriesKey = { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] };

function sampleWith(status: Sample['status'], changes: Partial<Sample> = {}): Sample {
  const counts = { endedAtMs: 100, durationUs: 5_000, bytesSent: 0, bytesReceived: 0 };
  return { series: KEY, outcome: 'passed', status, ...counts, ...changes };
}

describe('a recorder', () => {
  test('counts responses by status, and requests without a response under none', () => {
    const recorder = new Recorder(0);
    for (const status of [503, 200, 200, undefined]) recorder.record(sampleWith(status));
    const [delta] = recorder.close(1_000);
    expect(delta!.series[0]).toMatchObject({
      requests: 4,
      statuses: [
        [200, 2],
        [503, 1],
      ],
    });
    checkDelta(delta!);
  });

  test('begins each second without the statuses of the one before', () => {
    const recorder = new Recorder(0);
    recorder.record(sampleWith(200));
    recorder.record(sampleWith(404, { endedAtMs: 1_500 }));
    const deltas = recorder.close(2_000);
    expect(deltas.map(({ series }) => series[0]!.statuses)).toEqual([[[200, 1]], [[404, 1]]]);
  });

  test('counts no status of an interrupted request, nor anything without statuses', () => {
    const recorder = new Recorder(0);
    recorder.record(sampleWith(200, { outcome: 'interrupted' }));
    recorder.record(sampleWith(undefined));
    expect(recorder.close(1_000)[0]!.series[0]).not.toHaveProperty('statuses');
  });
});

test('totals name each status, ascending by code', () => {
  const recorder = new Recorder(0);
  for (const status of ['UNAVAILABLE', 1011, 200, 'OK', 200, 777]) recorder.record(sampleWith(status));
  const totals = new Totals();
  for (const delta of recorder.close(1_000)) totals.add(delta);
  const { statuses } = totals.snapshot().series[0]!;
  expect(statuses).toEqual({ 200: 2, 1011: 1, OK: 1, UNAVAILABLE: 1, other: 1 });
  expect(totals.snapshot().totals.statuses).toEqual(statuses);
});

test('a server that invents statuses fills a limited number, and the sum stays exact', () => {
  const tally = new StatusTally();
  for (let code = 100; code < 600; code++) tally.add(code, 2);
  tally.add(100, 1);
  const counts = tally.delta()!;
  expect(counts).toHaveLength(MAX_STATUSES + 1);
  expect(counts.reduce((sum, [, requests]) => sum + requests, 0)).toBe(1_001);
  expect(counts.find(([code]) => code === 100)).toEqual([100, 3]);
  expect(tally.totals()).toMatchObject({ other: 2 * (500 - MAX_STATUSES) });
});

test('counts of another process are refused if they cannot be right', () => {
  expect(() => checkStatusCounts([[200, 3]], 3)).not.toThrow();
  expect(() =>
    checkStatusCounts(
      [
        [200, 2],
        [503, 2],
      ],
      3,
    ),
  ).toThrow('4 statuses of 3 requests');
  expect(() => checkStatusCounts([[98, 1]], 3)).toThrow('98 is not the code of a status');
});
