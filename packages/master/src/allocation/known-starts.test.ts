import { expect, test } from '@jest/globals';
import { KnownStarts } from './known-starts.js';
import { SlotStarts } from './slot-starts.js';

/** The starts of a part at a constant rate. */
function startsAt(perSecond: number): SlotStarts {
  const rate = { fromPerSecond: perSecond, stages: [{ durationMs: 60_000, toPerSecond: perSecond }] };
  const workload = { kind: 'arrivals', rate, order: { kind: 'even' }, maxConcurrent: 2 } as const;
  return new SlotStarts(
    { phase: '', types: [0], startMs: 0, workload },
    { userTypes: [{ name: 'reader', weight: 1, laneGroup: 'default', tasks: [] }], tables: [] },
  );
}

const ALL = [{ id: 1, lane: 'w0/0', from: 0, items: [0, 1] }];

test('a worker that may not know of a changed rate may have followed the one before', () => {
  const starts = new KnownStarts(startsAt(50));
  starts.change(startsAt(2), 10_000, 5);
  const most = (fromMs: number, toMs: number, epoch?: number): number =>
    starts.atMost(ALL, fromMs, toMs, epoch);
  // It knows epoch 4, and follows 50 a second until it must have stopped.
  expect(most(20_000, 30_000, 4)).toBe(500);
  expect(most(20_000, 30_000, 5)).toBe(20);
  expect(most(20_000, 30_000)).toBe(20);
  // Orders may have been on their way at that time.
  expect(most(11_000, 12_000, 5)).toBe(50);
});

test('of two rates, the higher one counts at any time', () => {
  const starts = new KnownStarts(startsAt(2));
  starts.change(startsAt(50), 10_000, 5);
  expect(starts.atMost(ALL, 20_000, 30_000, 4)).toBe(500);
});
