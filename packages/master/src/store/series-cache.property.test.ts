import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seriesId } from '@drumline/model';
import { encodeHistogram, Histogram, roundHistogram, SeriesSteps, type IntervalDelta } from '@drumline/stats';
import { storedRun } from '../../../../test/support/stored-run.js';
import { RunFile } from './run-file.js';
import { SeriesCache } from './series-cache.js';

const END = 80;
const KEYS = ['/a', '/b'].map((name) => ({ protocol: 'http', method: 'GET', name, user: 'Buyer', tags: [] }));
const IDS = KEYS.map(seriesId);

interface Counted {
  readonly second: number;
  readonly key: number;
  readonly times: readonly number[];
  /** Whether the response times are in a window. */
  readonly isCoarse: boolean;
}

const counted: fc.Arbitrary<Counted> = fc.record({
  second: fc.nat(END - 1),
  key: fc.nat(1),
  times: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 }),
  isCoarse: fc.boolean(),
});
const what = fc.oneof(
  { arbitrary: fc.record({ counted: fc.array(counted, { maxLength: 6 }) }), weight: 6 },
  { arbitrary: fc.record({ read: fc.subarray([0, 1], { minLength: 1 }) }), weight: 3 },
  { arbitrary: fc.constant('reset' as const), weight: 1 },
);
const terms = fc.record({
  lagSeconds: fc.nat(12),
  everySeconds: fc.constantFrom(10, 20),
  atMostSeconds: fc.constantFrom(10, 40),
  budgetMs: fc.constantFrom(0.01, 1_000),
  tierSeconds: fc.constant(10),
});

function encoded(times: readonly number[]): Uint8Array {
  const histogram = new Histogram();
  for (const time of times) histogram.record(time);
  // The file rounds the times of blocks, but not such short ones.
  return roundHistogram(encodeHistogram(histogram));
}

function deltasOf({ second, key, times, isCoarse }: Counted): IntervalDelta[] {
  const through = second - (second % 10) + 9;
  const rest = { checks: [], metrics: [], exceptions: [] };
  const one = {
    key: KEYS[key]!,
    requests: times.length,
    failures: 1,
    interrupted: 0,
    bytesSent: 0,
    bytesReceived: 0,
    latency: encoded(isCoarse ? [] : times),
    errors: [],
  };
  const delta = { second, series: [one], ...rest };
  if (!isCoarse) return [delta];
  const window = { key: KEYS[key]!, fromSecond: through - 9, latency: encoded(times) };
  return [
    { ...delta, coarseLatency: encoded(times) },
    { second: through, series: [], windows: [window], ...rest },
  ];
}

test('what is read again and again is what was counted, also late, after a checkpoint and after a reset', () => {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-test-'));
  let files = 0;
  try {
    fc.assert(
      fc.property(fc.array(what, { minLength: 1, maxLength: 12 }), terms, (steps, when) => {
        const file = RunFile.create(join(directory, `${files++}.db`), storedRun(), when);
        const cache = new SeriesCache();
        let expected = KEYS.map(() => new SeriesSteps());
        let changedFrom = Infinity;
        const check = (which: readonly number[]): void => {
          const range = { from: 0, end: END, points: END / 10 };
          const ids = which.map((key) => IDS[key]!);
          const read = cache.read({ path: file.path, isFinal: false, ids, changedFrom, range });
          changedFrom = Infinity;
          for (const [index, key] of which.entries()) {
            expect(read[index]!.steps).toEqual(expected[key]!.steps(range));
            const bars = read[index]!.distribution.reduce((sum, { count }) => sum + count, 0);
            expect(bars).toBe(expected[key]!.latency().count);
          }
        };
        for (const one of [...steps, { read: [0, 1] }]) {
          if (one === 'reset') {
            file.apply([{ reset: true }]);
            expected = KEYS.map(() => new SeriesSteps());
            changedFrom = 0;
          } else if ('read' in one) check(one.read);
          else {
            file.apply(one.counted.map((each) => ({ deltas: deltasOf(each) })));
            for (const each of one.counted) {
              changedFrom = Math.min(changedFrom, each.second);
              for (const { second, series, windows = [] } of deltasOf(each)) {
                for (const counts of series) expected[each.key]!.add(second, 1, counts);
                for (const window of windows) expected[each.key]!.addWindow(second, window);
              }
            }
          }
        }
        file.close();
      }),
      { numRuns: 25 },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
