import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limitLoad } from './run-time.js';
import { loadEndMs, type Load, type LoadPart, type Workload } from './workload.js';

const rate = (durationMs: number | null): Workload => ({
  kind: 'arrivals',
  rate: { fromPerSecond: 5, stages: [{ durationMs, toPerSecond: 5 }] },
  order: { kind: 'even' },
});
const fixed = (limitMs: number | null): Workload => ({
  kind: 'fixed',
  total: 50,
  users: 2,
  each: false,
  limitMs,
});
const part = (workload: Workload, startMs: number | null, follows?: number[]): LoadPart => ({
  phase: '',
  types: [0],
  startMs,
  ...(follows && { follows }),
  workload,
});

describe('a run time', () => {
  test('cuts longer parts, and removes those that would start later', () => {
    const load: Load = {
      parts: [part(rate(60_000), 0), part(rate(60_000), 30_000), part(rate(1_000), 90_000)],
    };
    expect(limitLoad(load, 40_000, new Set())).toEqual({
      parts: [part(rate(40_000), 0), part(rate(10_000), 30_000)],
      endMs: 40_000,
    });
  });

  test('removes parts that follow a removed one, and renumbers the others', () => {
    const load: Load = {
      parts: [
        part(rate(60_000), 0),
        part(fixed(null), 60_000),
        part(rate(5_000), null, [1]),
        part(fixed(null), 0),
        part(rate(5_000), null, [3]),
      ],
    };
    expect(limitLoad(load, 40_000, new Set()).parts).toEqual([
      part(rate(40_000), 0),
      part(fixed(40_000), 0),
      part(rate(5_000), null, [1]),
    ]);
  });

  test('extends the last parts, and no other', () => {
    const load: Load = { parts: [part(rate(10_000), 0), part(rate(10_000), 10_000)] };
    expect(limitLoad(load, 40_000, new Set([1])).parts.map(({ workload }) => workload)).toEqual([
      rate(10_000),
      {
        ...rate(10_000),
        rate: {
          fromPerSecond: 5,
          stages: [
            { durationMs: 10_000, toPerSecond: 5 },
            { durationMs: 20_000, toPerSecond: 5 },
          ],
        },
      },
    ]);
  });

  test('is never exceeded', () => {
    const someParts = fc.array(
      fc.record({
        startMs: fc.option(fc.nat(100_000)),
        workload: fc.oneof(fc.option(fc.nat(100_000)).map(rate), fc.option(fc.nat(100_000)).map(fixed)),
      }),
    );
    fc.assert(
      fc.property(someParts, fc.integer({ min: 1, max: 200_000 }), (parts, runTimeMs) => {
        const load: Load = {
          parts: parts.map(({ startMs, workload }) =>
            part(workload, startMs, startMs === null ? [] : undefined),
          ),
        };
        const all = new Set(parts.keys());
        expect(loadEndMs(limitLoad(load, runTimeMs, all))).toBeLessThanOrEqual(runTimeMs);
      }),
    );
  });
});
