import { expect, test } from '@jest/globals';
import type { Outcome } from '@drumline/model';
import { Recorder, Totals, type IntervalDelta, type IntervalEvent } from '@drumline/stats';
import type { TapDetail, TapRecord, TapSecond } from '@drumline/wire';
import { tapLine } from '@drumline/wire/tap';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { RunRecords } from './run-records.js';

const SECONDS = 23;
const STATE = { users: 3, plannedUsers: 4, cutOffUsers: 0, busiestLane: 0.5 };
const RUN = {
  runId: 'f7216838',
  scenario: 'shop.ts',
  startedAt: '2025-03-01T14:05:09.000Z',
  labels: {},
  fromSecond: 0,
};

const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(JSON.stringify(tapLine)) as object);

const sample = fc.record({
  name: fc.constantFrom('/a', '/b', '/c'),
  phase: fc.constantFrom('', 'peak'),
  outcome: fc.constantFrom<Outcome>('passed', 'passed', 'failed', 'interrupted'),
  endedAtMs: fc.integer({ min: 0, max: SECONDS * 1_000 - 1 }),
  durationUs: fc.nat(5_000_000),
  bytesSent: fc.nat(1_000),
  bytesReceived: fc.nat(1_000),
  /** By how many seconds its report is late. */
  lateBy: fc.constantFrom(0, 0, 0, 1, 8, 30),
});
type Drawn = typeof sample extends fc.Arbitrary<infer T> ? T : never;

/** What lanes counted whose reports are late by some seconds, by second. */
function recorded(samples: readonly Drawn[], lateBy: number): Map<number, IntervalDelta> {
  const recorder = new Recorder(0);
  const own = samples.filter((one) => one.lateBy === lateBy).sort((a, b) => a.endedAtMs - b.endedAtMs);
  for (const { name, phase, ...rest } of own) {
    const tags = phase === '' ? [] : [['phase', phase] as const];
    const series = { protocol: 'http', method: 'GET', name, user: 'buyer', tags };
    recorder.record({ series, failure: 'status 503', ...rest });
    recorder.check('is fine', rest.outcome === 'passed');
  }
  return new Map(recorder.close(SECONDS * 1_000).map((delta) => [delta.second, delta]));
}

/** The events of a run. Late reports are corrections, also after the last second. */
function eventsOf(samples: readonly Drawn[]): IntervalEvent[] {
  const bySecond = new Map([0, 1, 8, 30].map((lateBy) => [lateBy, recorded(samples, lateBy)]));
  const events: IntervalEvent[] = [];
  for (let now = 0; now < SECONDS + 30; now += 1) {
    const counts = bySecond.get(0)!.get(now) ?? nothing(now);
    if (now < SECONDS) {
      const state = { ...STATE, workers: { present: 2, missing: 0 } };
      events.push({ type: 'closed', number: now + 1, second: now, counts, state, completeThrough: now });
    }
    for (const lateBy of [1, 8, 30]) {
      const late = bySecond.get(lateBy)!.get(now - lateBy);
      if (late)
        events.push({ type: 'corrected', number: late.second + 1, second: late.second, counts: late });
    }
  }
  return events;
}

function nothing(second: number): IntervalDelta {
  return { second, series: [], checks: [], metrics: [], exceptions: [] };
}

function recordsOf(events: readonly IntervalEvent[], fromSecond = 0): TapRecord[] {
  const records = new RunRecords({ ...RUN, fromSecond });
  const made = events.flatMap((event) => records.take(event));
  return [...made, ...records.end({})];
}

const sumOf = (counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);

test('the records of seconds, and those in detail, add up to the run, to the request', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
      const events = eventsOf(samples);
      const totals = new Totals();
      for (const event of events) if (event.type !== 'reset') totals.add(event.counts);
      const snapshot = totals.snapshot();
      const records = recordsOf(events);
      for (const record of records) expect([isValid(record), isValid.errors]).toEqual([true, null]);

      expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
      const seconds = records.filter((one): one is TapSecond => one.type === 'second');
      const details = records.filter((one): one is TapDetail => one.type === 'detail');
      const end = records.at(-1)!;
      if (end.type !== 'end') throw new Error(`the last record is ${end.type}`);
      expect(seconds.map(({ second }) => second)).toEqual([...Array(SECONDS).keys()]);
      expect(details.map(({ fromSecond, seconds: length }) => [fromSecond, length])).toEqual([
        [0, 10],
        [10, 10],
        [20, 3],
      ]);
      for (const field of ['requests', 'failures', 'interrupted', 'bytesSent', 'bytesReceived'] as const) {
        const whole = snapshot.totals[field];
        const endLate = end.late?.totals[field] ?? 0;
        const all = seconds.flatMap(({ totals: own, late }) => [own[field], late?.totals[field]]);
        expect(sumOf(all) + endLate).toBe(whole);
        expect(seconds.at(-1)!.sum[field] + endLate).toBe(whole);
        const inDetail = details.flatMap(({ totals: own, late }) => [own[field], late?.totals[field]]);
        expect(sumOf([...inDetail, end.lateDetail?.totals[field]])).toBe(whole);
      }
      for (const { key, requests } of snapshot.series) {
        const own = (series: TapSecond['series'] = []): number =>
          sumOf(
            series
              .filter(({ name, tags }) => name === key.name && tags?.['phase'] === key.tags[0]?.[1])
              .map((one) => one.requests),
          );
        const all = seconds.flatMap(({ series, late }) => [own(series), own(late?.series)]);
        expect(sumOf(all) + own(end.late?.series)).toBe(requests);
      }
      const failed = seconds.at(-1)!.sum.failedChecks + (end.late?.totals.failedChecks ?? 0);
      expect(failed).toBe(sumOf(snapshot.checks.map(({ fails }) => fails)));
    }),
    { numRuns: 15 },
  );
});

test('another master continues the numbers, and a run that continues elsewhere has no end', () => {
  const events = eventsOf([]);
  const all = recordsOf(events);
  for (const fromSecond of [4, 9, 10, 20]) {
    const before = new RunRecords(RUN);
    const first = events.slice(0, fromSecond).flatMap((event) => before.take(event));
    expect(before.end({ continues: true })).toEqual([]);
    const second = recordsOf(events.slice(fromSecond), fromSecond);
    expect([...first, ...second].map(({ seq, type }) => [seq, type])).toEqual(
      all.map(({ seq, type }) => [seq, type]),
    );
  }
});

test('a reset begins the sum again, and an event is in the next record of a second', () => {
  const records = new RunRecords(RUN);
  const [first, second] = eventsOf([
    {
      name: '/a',
      phase: '',
      outcome: 'passed',
      endedAtMs: 1,
      durationUs: 9,
      bytesSent: 5,
      bytesReceived: 6,
      lateBy: 0,
    },
  ]) as [IntervalEvent, IntervalEvent];
  expect(records.take(first)).toMatchObject([{ seq: 1, sum: { fromSecond: 0, requests: 1 } }]);
  records.event({ type: 'note', code: 'lane-busy', message: 'Lane 1 is busy.' });
  expect(records.take({ type: 'reset', fromSecond: 1 })).toEqual([]);
  expect(records.take(second)).toMatchObject([
    {
      seq: 2,
      sum: { fromSecond: 1, requests: 0 },
      events: [{ type: 'note', code: 'lane-busy', message: 'Lane 1 is busy.' }],
    },
  ]);
});
