import { expect, test } from '@jest/globals';
import type { Outcome, Sample, SeriesKey } from '@drumline/model';
import fc from 'fast-check';
import type { IntervalDelta } from '../delta.js';
import { Recorder } from '../recorder.js';
import { mergeDeltas } from '../merge.js';
import { Totals } from '../totals.js';
import { HeldTimes, QUANTILES_EVERY, type QuantilesEvery } from '../windows.js';
import { decodeCounts } from './decode.js';
import { encodeCounts } from './encode.js';
import { KeyDictionary } from './key-dictionary.js';
import type { EncodedCounts, NamedKey } from './keys.js';
import { OpenIntervals } from './open-intervals.js';

const KEYS: SeriesKey[] = ['/a', '/b', '/c', '/d', '/e'].map((name) => ({
  protocol: name === '/d' ? 'sse' : 'http',
  method: 'GET',
  name,
  user: 'Buyer',
  tags: name === '/c' ? [['region', 'eu']] : [],
}));

const ms = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10_000, noNaN: true }));

interface Event {
  readonly sample: Sample;
  readonly check: string;
  readonly metric: number;
}

const event: fc.Arbitrary<Event> = fc
  .record({
    key: fc.constantFrom(...KEYS),
    outcome: fc.constantFrom<Outcome>('passed', 'passed', 'failed', 'interrupted'),
    endedAtMs: fc.integer({ min: 0, max: 11_999 }).map((at) => at + 0.125),
    durationUs: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 2 ** 33 })),
    lateMs: fc.option(ms, { nil: undefined }),
    bytes: fc.nat(2 ** 40),
    phases: fc.option(fc.record({ queuedMs: ms, connectMs: ms, sendMs: ms, waitMs: ms, receiveMs: ms }), {
      nil: undefined,
    }),
    failure: fc.constantFrom('status 503', 'timeout after 5s', 'ärger ✗'),
    example: fc.option(fc.constantFrom('10.0.0.1:80', ''), { nil: undefined }),
    status: fc.constantFrom(undefined, 200, 200, 503, 'OK', 1011, 98),
    check: fc.constantFrom('is 200', 'has a body', '/a'),
    metric: fc.nat(5),
  })
  .map(({ key, phases, failure, example, check, metric, lateMs, status, bytes, ...rest }) => ({
    check,
    metric,
    sample: {
      series: key,
      ...rest,
      ...(rest.outcome === 'failed' && { failure, example }),
      ...(status !== undefined && { status }),
      ...(lateMs !== undefined && { lateMs }),
      bytesSent: bytes,
      bytesReceived: 2 * bytes,
      ...(phases && { phases }),
    },
  }));

/** What a worker counts, as its reports. */
const work = fc
  .tuple(fc.constantFrom(...QUANTILES_EVERY), fc.array(event, { maxLength: 30 }))
  .map(([every, given]) => {
    const events = given.toSorted((a, b) => a.sample.endedAtMs - b.sample.endedAtMs);
    const recorder = new Recorder(0);
    for (const { sample, check, metric } of events) {
      recorder.record(sample);
      recorder.check(check, metric > 2);
      if (metric === 0) recorder.counter('orders', 1, sample.endedAtMs);
      if (metric === 1) recorder.trend('price', sample.durationUs / 1_000, sample.endedAtMs);
      if (metric === 2) recorder.resent(sample.series, 7, sample.endedAtMs);
    }
    return withTimesEvery(every, recorder.close(12_000));
  });

/** Moves the response times of each series into windows. */
function withTimesEvery(every: QuantilesEvery, deltas: IntervalDelta[]): IntervalDelta[] {
  if (every === 1) return deltas;
  const held = new HeldTimes();
  held.everySeconds = every;
  return mergeDeltas([...deltas.map((delta) => held.hold(delta)), ...held.take(Infinity)]);
}

function totalsOf(deltas: readonly IntervalDelta[], maxSeries?: number): unknown {
  const totals = new Totals(maxSeries);
  for (const delta of deltas) totals.add(delta);
  return totals.snapshot();
}

const LIMITS = { newestSecond: 1_000 };

test('whatever is taken when adds up exactly to what the workers counted', () => {
  const step = fc.record({ worker: fc.nat(), take: fc.option(fc.nat(12), { nil: undefined }) });
  fc.assert(
    fc.property(
      fc.array(work, { minLength: 1, maxLength: 4 }),
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(2, 100),
      (workers, steps, maxSeries) => {
        const intervals = new OpenIntervals(maxSeries);
        const reports = workers.map((deltas) => {
          const dictionary = new KeyDictionary();
          return deltas.map((delta) => encodeCounts([delta], dictionary));
        });
        const tables = workers.map(() => intervals.keyTable());
        const taken: IntervalDelta[] = [];
        const deliver = (worker: number): void => {
          const report = reports[worker]!.shift();
          if (!report) return;
          tables[worker]!.learn(report);
          expect(intervals.merge(report, tables[worker]!, LIMITS)).toBeDefined();
        };
        for (const { worker, take } of steps) {
          deliver(worker % workers.length);
          const delta = take === undefined ? undefined : intervals.take(take);
          if (delta) taken.push(delta);
        }
        for (const [worker, rest] of reports.entries()) while (rest.length > 0) deliver(worker);
        for (const second of intervals.changed) taken.push(intervals.take(second)!);
        expect(intervals.changed).toEqual([]);
        const counted = workers.flat();
        if (maxSeries >= KEYS.length) expect(totalsOf(taken)).toEqual(totalsOf(counted));
        // Which series are listed depends on the order of the reports.
        expect((totalsOf(taken, maxSeries) as { totals: unknown }).totals).toEqual(
          (totalsOf(counted) as { totals: unknown }).totals,
        );
      },
    ),
    { numRuns: 120 },
  );
});

test('decoding counts reverses encoding', () => {
  fc.assert(
    fc.property(work, (deltas) => {
      const encoded = encodeCounts(deltas, new KeyDictionary());
      const keys = new Map(encoded.keys);
      expect(decodeCounts(encoded, (index) => keys.get(index))).toEqual(deltas);
      if (keys.size > 0) expect(() => decodeCounts(encoded, () => undefined)).toThrow(RangeError);
    }),
  );
});

type Report = EncodedCounts & { keys: readonly NamedKey[] };

/** Merges a report that may be invalid. If it is refused, nothing of it may be left. */
function mergeOrRefuse(report: Report): void {
  const intervals = new OpenIntervals();
  const keys = intervals.keyTable();
  keys.learn(report);
  const good = encodeCounts(GOOD, new KeyDictionary());
  const others = intervals.keyTable();
  others.learn(good);
  intervals.merge(good, others, LIMITS);
  let merged;
  try {
    merged = intervals.merge(report, keys, LIMITS);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
  const taken = intervals.changed.map((second) => intervals.take(second)!);
  if (merged === undefined) expect(totalsOf(taken)).toEqual(totalsOf(GOOD));
}

const GOOD = (() => {
  const recorder = new Recorder(0);
  const base = { endedAtMs: 500, bytesSent: 1, bytesReceived: 1 };
  recorder.record({ ...base, series: KEYS[0]!, outcome: 'passed', durationUs: 900 });
  recorder.record({ ...base, series: KEYS[1]!, outcome: 'failed', failure: 'x', durationUs: 20_000 });
  recorder.check('is 200', true);
  return recorder.close(1_000);
})();

const encoded: fc.Arbitrary<Report> = work.map((deltas) => encodeCounts(deltas, new KeyDictionary()));

test('reports with some bytes changed, added or removed are merged whole or refused', () => {
  const edit = fc.record({ at: fc.nat(), take: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
  fc.assert(
    fc.property(encoded, fc.array(edit, { minLength: 1, maxLength: 3 }), (report, edits) => {
      const bytes = [...report.counts];
      for (const { at, take, put } of edits) bytes.splice(at % (bytes.length + 1), take, ...put);
      mergeOrRefuse({ ...report, counts: Uint8Array.from(bytes) });
    }),
    { numRuns: 600 },
  );
});

test('truncated reports are merged whole or refused', () => {
  fc.assert(
    fc.property(encoded, fc.nat(), (report, length) => {
      mergeOrRefuse({ ...report, counts: report.counts.subarray(0, length % (report.counts.length + 1)) });
    }),
    { numRuns: 200 },
  );
});

test('random bytes are merged whole or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (counts) => {
      const keys: NamedKey[] = [...KEYS, 'is 200'].map((key, index) => [index, key]);
      mergeOrRefuse({ dictionary: 1, counts, keys });
    }),
    { numRuns: 800 },
  );
});
