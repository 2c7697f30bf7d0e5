import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { userTypeSequence, type UserTypeShare } from '../user-types.js';
import { listedWorkloads } from '../../../../test/support/due-times.js';
import { firstFrom } from './due-times.js';
import { RateCurve } from './rate-curve.js';
import { peakRate } from './rate-profile.js';
import { startsOf, type Start, type Starts } from './starts.js';
import { itemCount, itemTypes, limitOfSlot, type LoadPart, type OpenWorkload } from './workload.js';

const types: fc.Arbitrary<UserTypeShare[]> = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0.1, max: 3, noNaN: true })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((weights) => weights.map((weight, index) => ({ name: `u${index}`, weight })));
const order = fc.oneof(
  fc.constant({ kind: 'even' as const }),
  fc.integer().map((seed) => ({ kind: 'random' as const, seed })),
);
const stage = fc.record({
  durationMs: fc.integer({ min: 1, max: 20_000 }),
  toPerSecond: fc.integer({ min: 0, max: 60 }),
});
const workload: fc.Arbitrary<OpenWorkload> = fc.record(
  {
    kind: fc.constantFrom('arrivals' as const, 'iterations' as const),
    rate: fc.record({ fromPerSecond: fc.nat(60), stages: fc.array(stage, { minLength: 1, maxLength: 3 }) }),
    order,
    maxConcurrent: fc.integer({ min: 4, max: 400 }),
    maxUsers: fc.integer({ min: 4, max: 400 }),
  },
  { requiredKeys: ['kind', 'rate', 'order'] },
) as fc.Arbitrary<OpenWorkload>;

function partOf(one: OpenWorkload, all: readonly UserTypeShare[]): LoadPart {
  return { phase: '', types: all.map((_, index) => index), startMs: 0, workload: one };
}

function listOf(starts: Starts, slots: readonly number[], fromMs = 0): Start[] {
  return [...starts.of(new Map(slots.map((slot) => [slot, fromMs])))];
}

const allSlots = (starts: Starts): number[] => Array.from({ length: starts.slots }, (_, slot) => slot);

it('each start belongs to exactly one lane, however the slots are distributed', () => {
  fc.assert(
    fc.property(workload, types, fc.integer({ min: 1, max: 7 }), fc.nat(), (one, all, lanes, salt) => {
      const starts = startsOf(partOf(one, all), all)!;
      const whole = listOf(starts, allSlots(starts));
      expect(new Set(whole.map(({ number }) => number)).size).toBe(whole.length);
      const shares = Array.from({ length: lanes }, (_, lane) =>
        listOf(
          starts,
          allSlots(starts).filter((slot) => ((slot * 7_919 + salt) >>> 0) % lanes === lane),
        ),
      );
      const byNumber = (a: Start, b: Start): number => a.number - b.number;
      expect(shares.flat().sort(byNumber)).toEqual(whole.toSorted(byNumber));
      for (const share of [whole, ...shares])
        expect(share.map(({ dueMs }) => dueMs)).toEqual(
          share.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b),
        );
    }),
    { numRuns: 60 },
  );
});

it('a slot that moves at any time loses no start and has none twice', () => {
  fc.assert(
    fc.property(workload, types, fc.double({ min: 0, max: 1, noNaN: true }), (one, all, fraction) => {
      const starts = startsOf(partOf(one, all), all)!;
      const whole = listOf(starts, allSlots(starts));
      const atMs = starts.curve.durationMs * fraction;
      const before = whole.filter(({ dueMs }) => dueMs < atMs);
      expect([...before, ...listOf(starts, allSlots(starts), atMs)]).toEqual(whole);
      expect(starts.dueBetween(0, atMs, new Set(allSlots(starts)))).toBe(before.length);
    }),
    { numRuns: 60 },
  );
});

it('each start of a replayed file belongs to exactly one lane, and moves without loss', () => {
  const cases = types.chain((all) => listedWorkloads(all.length).map((listed) => ({ all, ...listed })));
  const moved = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      cases,
      fc.integer({ min: 1, max: 7 }),
      moved,
      ({ all, workload: one, openTimes }, lanes, at) => {
        const times = openTimes();
        const starts = startsOf(partOf(one, all), all, openTimes)!;
        const whole = listOf(starts, allSlots(starts));
        expect(whole.map(({ dueMs }) => dueMs)).toEqual(whole.map((_, position) => times.timeAt(position)));
        expect(whole.map(({ number }) => number)).toEqual(
          whole.map((_, position) => times.numberAt(position)),
        );
        expect(whole).toHaveLength(times.count);
        for (const [position, { type }] of whole.entries()) {
          const named = times.typeAt(position);
          if (named !== undefined) expect(type).toBe(named);
        }
        const shares = Array.from({ length: lanes }, (_, lane) =>
          listOf(
            starts,
            allSlots(starts).filter((slot) => slot % lanes === lane),
          ),
        );
        const byTime = (a: Start, b: Start): number => a.dueMs - b.dueMs;
        expect(shares.flat().sort(byTime)).toEqual(whole);
        const atMs = starts.curve.durationMs * at;
        const before = whole.filter(({ dueMs }) => dueMs < atMs);
        expect([...before, ...listOf(starts, allSlots(starts), atMs)]).toEqual(whole);
        expect(starts.dueBetween(0, atMs, new Set(allSlots(starts)))).toBe(before.length);
      },
    ),
    { numRuns: 60 },
  );
});

it('the rate of listed times has their number and their length', () => {
  fc.assert(
    fc.property(listedWorkloads(1), ({ workload: one, openTimes }) => {
      const curve = new RateCurve(one.rate);
      expect(curve.total).toBe(openTimes().count);
      expect(peakRate(one.rate)).toBeGreaterThan(0);
      expect(firstFrom(openTimes(), curve.durationMs)).toBe(openTimes().count);
      expect(curve.durationMs - openTimes().timeAt(openTimes().count - 1)).toBeLessThanOrEqual(1);
    }),
  );
});

it('starts are counted without those before them', () => {
  fc.assert(
    fc.property(
      workload,
      types,
      fc.nat(20_000),
      fc.nat(9_000),
      fc.nat(3),
      (one, all, fromMs, lengthMs, nth) => {
        const starts = startsOf(partOf(one, all), all)!;
        const slots = allSlots(starts).filter((slot) => slot % (nth + 1) === 0);
        const toMs = fromMs + lengthMs;
        const due = listOf(starts, slots).filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs);
        expect(starts.dueBetween(fromMs, toMs, new Set(slots))).toBe(due.length);
      },
    ),
    { numRuns: 60 },
  );
});

it('random starts late in a long run are those of the whole run', () => {
  const all = [{ name: 'a', weight: 1 }];
  const rate = { fromPerSecond: 2_000, stages: [{ durationMs: null, toPerSecond: 2_000 }] };
  const one = { kind: 'iterations' as const, rate, order: { kind: 'random' as const, seed: 7 }, maxUsers: 4 };
  const starts = startsOf(partOf(one, all), all)!;
  const whole = starts.of(new Map([[1, 0]]));
  const late = starts.of(new Map([[1, 600_000]]));
  const first = late.next().value as Start;
  let before = whole.next().value as Start;
  let count = 0;
  for (; before.dueMs < 600_000; count += 1) before = whole.next().value as Start;
  expect(first).toEqual(before);
  expect(starts.dueBetween(0, 600_000, new Set([1]))).toBe(count);
  expect(Math.abs(count - 300_000)).toBeLessThan(4 * Math.sqrt(300_000));
});

it('even starts have the types of the users of a closed load, in the same order', () => {
  fc.assert(
    fc.property(types, (all) => {
      const one: OpenWorkload = {
        kind: 'arrivals',
        rate: { fromPerSecond: 50, stages: [{ durationMs: 4_000, toPerSecond: 50 }] },
        order: { kind: 'even' },
      };
      const starts = startsOf(partOf(one, all), all)!;
      const list = listOf(starts, allSlots(starts));
      expect(list.map(({ number }) => number)).toEqual(list.map((_, index) => index));
      expect(list.map(({ type }) => type)).toEqual([...userTypeSequence(all, list.length)]);
    }),
    { numRuns: 30 },
  );
});

it('the limits of the slots add up to the limit of the part', () => {
  fc.assert(
    fc.property(workload, types, (one, all) => {
      const part = partOf(one, all);
      const limit = one.kind === 'arrivals' ? one.maxConcurrent : one.maxUsers;
      const slots = itemCount(part);
      expect(itemTypes(part, all)).toHaveLength(slots);
      const limits = Array.from({ length: slots }, (_, slot) => limitOfSlot(one, slot, slots));
      expect(limits.reduce((sum, of) => sum + of, 0)).toBe(limit ?? Infinity);
    }),
  );
});

it('random starts are a Poisson process with the rate of the plan', () => {
  const all = [{ name: 'a', weight: 1 }];
  const perSecond = 100;
  const counts: number[] = [];
  const gaps: number[] = [];
  for (const seed of [1, 2, 3, 4]) {
    const starts = startsOf(
      partOf(
        {
          kind: 'arrivals',
          rate: { fromPerSecond: perSecond, stages: [{ durationMs: 100_000, toPerSecond: perSecond }] },
          order: { kind: 'random', seed },
        },
        all,
      ),
      all,
    )!;
    const times = listOf(starts, allSlots(starts)).map(({ dueMs }) => dueMs);
    for (let second = 0; second < 100; second += 1)
      counts.push(times.filter((ms) => ms >= second * 1_000 && ms < second * 1_000 + 1_000).length);
    times.slice(1).forEach((ms, index) => gaps.push(ms - times[index]!));
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
  // Four standard errors of 400 seconds.
  expect(Math.abs(mean - perSecond)).toBeLessThan(2);
  expect(variance / mean).toBeGreaterThan(0.7);
  expect(variance / mean).toBeLessThan(1.3);
  // The share of exponential gaps above the mean is 1/e.
  expect(gaps.filter((gap) => gap > 1_000 / perSecond).length / gaps.length).toBeCloseTo(Math.exp(-1), 1);
});
