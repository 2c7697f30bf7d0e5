import { describe, expect, test } from '@jest/globals';
import type { OpenedConnection, Outcome, Phases, Sample, SeriesKey } from '@drumline/model';
import fc from 'fast-check';
import { checkDelta, requestsIn, type IntervalDelta } from './delta.js';
import { mergeDeltas } from './merge.js';
import { Recorder } from './recorder.js';
import { Timeline } from './timeline.js';
import { Totals } from './totals.js';

const keys: SeriesKey[] = ['/a', '/b', '/c'].map((name) => ({
  protocol: 'http',
  method: 'GET',
  name,
  user: 'Buyer',
  tags: name === '/c' ? [['region', 'eu']] : [],
}));

const RUN_MS = 12_000;

const ms = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10_000, noNaN: true }));

const phases: fc.Arbitrary<Phases> = fc.record({
  queuedMs: ms,
  connectMs: ms,
  sendMs: ms,
  waitMs: ms,
  receiveMs: ms,
});

const opened: fc.Arbitrary<OpenedConnection> = fc.record(
  {
    protocol: fc.constantFrom('http/1.1', 'h2'),
    dnsMs: ms,
    tcpMs: ms,
    tlsMs: ms,
    tls: fc.record({
      version: fc.constantFrom('TLSv1.2', 'TLSv1.3'),
      cipher: fc.constantFrom('TLS_AES_256_GCM_SHA384', 'ECDHE-RSA-AES128-GCM-SHA256'),
      resumed: fc.boolean(),
    }),
  },
  { requiredKeys: ['protocol', 'dnsMs', 'tcpMs', 'tlsMs'] },
);

interface Event {
  readonly lane: number;
  readonly sample: Sample;
}

const event: fc.Arbitrary<Event> = fc
  .record({
    lane: fc.nat(3),
    key: fc.nat(keys.length - 1),
    outcome: fc.constantFrom<Outcome>('passed', 'passed', 'failed', 'interrupted'),
    endedAtMs: fc.integer({ min: 0, max: RUN_MS - 1 }),
    durationUs: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 2 ** 33 })),
    lateMs: fc.option(fc.double({ min: 0, max: 60_000, noNaN: true }), { nil: undefined }),
    bytes: fc.nat(100_000),
    status: fc.constantFrom(undefined, 200, 200, 404, 503, 'OK', 'UNAVAILABLE', 1000, 777),
    phases: fc.option(phases, { nil: undefined }),
    opened: fc.option(fc.array(opened, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  })
  .map(({ lane, key, outcome, endedAtMs, durationUs, lateMs, bytes, status, phases, opened }) => ({
    lane,
    sample: {
      series: keys[key]!,
      outcome,
      ...(outcome === 'failed' && { failure: `status ${500 + (bytes % 3)}` }),
      endedAtMs,
      durationUs,
      ...(lateMs !== undefined && { lateMs }),
      bytesSent: bytes,
      bytesReceived: 2 * bytes,
      ...(status !== undefined && { status }),
      ...(phases && { phases }),
      ...(opened && { opened }),
    },
  }));

/** Samples in the order in which their requests ended. */
const events = fc
  .array(event, { maxLength: 40, size: 'max' })
  .map((all) => all.toSorted((a, b) => a.sample.endedAtMs - b.sample.endedAtMs));

/** The deltas of a recorder, taken after some of the samples. */
function recordAll(samples: readonly Sample[], originMs: number, takeEvery: number): IntervalDelta[] {
  const recorder = new Recorder(originMs);
  const deltas: IntervalDelta[] = [];
  samples.forEach((sample, i) => {
    const endedAtMs = sample.endedAtMs + originMs;
    if (sample.bytesSent % 5 === 0) recorder.resent(sample.series, sample.bytesSent, endedAtMs);
    recorder.record({ ...sample, endedAtMs });
    recordStart(recorder, sample, endedAtMs);
    if (i % takeEvery === 0) deltas.push(...recorder.close(sample.endedAtMs + originMs));
  });
  deltas.push(...recorder.close(originMs + RUN_MS));
  return deltas;
}

/** Counts a start of a schedule, which depends on the sample. */
function recordStart(recorder: Recorder, { series, bytesSent }: Sample, atMs: number): void {
  const phase = series.name === '/c' ? 'warmUp' : '';
  const event = (['started', 'startedLate', 'dropped', 'skipped'] as const)[bytesSent % 4]!;
  recorder.schedule(event, series.user, phase, atMs);
}

function totalsOf(deltas: readonly IntervalDelta[]): unknown {
  const totals = new Totals();
  for (const delta of deltas) totals.add(delta);
  const histograms = totals
    .delta(0)
    .series.map(({ key, latency, service }) => [key.name, [latency, service ?? latency]]);
  return { ...totals.snapshot(), histograms: Object.fromEntries(histograms) };
}

function timelineOf(deltas: readonly IntervalDelta[]): unknown {
  const timeline = new Timeline();
  for (const delta of deltas) timeline.add(delta);
  return timeline.points();
}

/** The sums of the phases of the run by series, before rounding to means. */
function phasesOf(deltas: readonly IntervalDelta[]): unknown {
  const [run] = mergeDeltas(deltas.map((delta) => ({ ...delta, second: 0 })));
  return Object.fromEntries((run?.series ?? []).map(({ key, phases: sums }) => [key.name, sums]));
}

/** Events for one recorder, and for four lanes with different clocks, with deltas in any order. */
const runs = fc
  .tuple(
    events,
    fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 4, maxLength: 4 }),
    fc.integer({ min: 1, max: 50 }),
  )
  .chain(([all, origins, takeEvery]) => {
    const whole = recordAll(
      all.map(({ sample }) => sample),
      0,
      Infinity,
    );
    const parts = origins.flatMap((origin, lane) =>
      recordAll(
        all.filter((one) => one.lane === lane).map(({ sample }) => sample),
        origin,
        takeEvery,
      ),
    );
    return fc.record({
      whole: fc.constant(whole),
      parts: fc.shuffledSubarray(parts, { minLength: parts.length }),
      cut: fc.nat(parts.length),
    });
  });

describe('many lanes', () => {
  test('add up exactly to the result of one recorder', () => {
    fc.assert(
      fc.property(runs, ({ whole, parts }) => {
        expect(totalsOf(parts)).toEqual(totalsOf(whole));
        expect(timelineOf(parts)).toEqual(timelineOf(whole));
        expect(phasesOf(parts)).toEqual(phasesOf(whole));
      }),
    );
  });

  test('add up to the same if their deltas are merged in between', () => {
    fc.assert(
      fc.property(runs, ({ whole, parts, cut }) => {
        const merged = [...mergeDeltas(parts.slice(0, cut)), ...mergeDeltas(parts.slice(cut))];
        expect(totalsOf(merged)).toEqual(totalsOf(whole));
        expect(timelineOf(mergeDeltas(merged))).toEqual(timelineOf(whole));
      }),
    );
  });

  test('keep the phases of the samples to the microsecond', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 50 }), (all, takeEvery) => {
        const samples = all.map(({ sample }) => sample);
        const totals = new Totals();
        for (const delta of recordAll(samples, 0, takeEvery)) totals.add(delta);
        const told = samples.filter(
          ({ outcome, phases: its }) => outcome !== 'interrupted' && its !== undefined,
        );
        const { phasesMs } = totals.snapshot().totals;
        if (told.length === 0) {
          expect(phasesMs).toBeUndefined();
          return;
        }
        const mean = (phase: keyof Phases): number =>
          told.reduce((sum, sample) => sum + sample.phases![phase], 0) / told.length;
        for (const phase of ['queued', 'connect', 'send', 'wait', 'receive'] as const) {
          expect(Math.abs(phasesMs![phase] - mean(`${phase}Ms`))).toBeLessThan(0.001);
        }
      }),
    );
  });

  test('count each response under its status', () => {
    fc.assert(
      fc.property(runs, events, ({ parts }, all) => {
        const samples = all.map(({ sample }) => sample);
        const totals = new Totals();
        for (const delta of mergeDeltas(recordAll(samples, 0, 3))) totals.add(delta);
        const expected: Record<string, number> = {};
        for (const { outcome, status } of samples) {
          if (status === undefined || outcome === 'interrupted') continue;
          const text = status === 777 ? 'other' : String(status);
          expected[text] = (expected[text] ?? 0) + 1;
        }
        expect(totals.snapshot().totals.statuses ?? {}).toEqual(expected);
        for (const { requests, interrupted, statuses = [] } of parts.flatMap(({ series }) => series)) {
          const sum = statuses.reduce((added, [, count]) => added + count, 0);
          expect(sum).toBeLessThanOrEqual(requests - interrupted);
        }
      }),
    );
  });

  test('send valid deltas', () => {
    fc.assert(
      fc.property(runs, ({ parts }) => {
        for (const delta of [...parts, ...mergeDeltas(parts)]) checkDelta(delta);
      }),
    );
  });

  test('count every request in the second in which it ended', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 50 }), (all, takeEvery) => {
        const expected = new Map<number, number>();
        for (const { sample } of all) {
          const second = Math.floor(sample.endedAtMs / 1000);
          expected.set(second, (expected.get(second) ?? 0) + 1);
        }
        const deltas = recordAll(
          all.map(({ sample }) => sample),
          0,
          takeEvery,
        );
        const counted = new Map<number, number>();
        for (const delta of deltas) {
          counted.set(delta.second, (counted.get(delta.second) ?? 0) + requestsIn(delta));
        }
        expect(counted).toEqual(expected);
      }),
    );
  });
});
