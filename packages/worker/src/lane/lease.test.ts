import { describe, expect, test } from '@jest/globals';
import { FakeTiming } from '../../test/fake-timing.js';
import { Lease } from './lease.js';

function world(): { timing: FakeTiming; lease: Lease; ends: number[] } {
  const timing = new FakeTiming();
  const ends: number[] = [];
  return { timing, ends, lease: new Lease(() => ends.push(timing.now()), timing, 500) };
}

describe('a lease', () => {
  test('does not expire while it is renewed, and expires once when it is not', () => {
    const { timing, lease, ends } = world();
    for (let atMs = 0; atMs <= 10_000; atMs += 1_000) {
      timing.advanceTo(atMs);
      lease.renew(atMs + 3_000);
    }
    expect(ends).toEqual([]);
    timing.advanceTo(60_000);
    expect(ends).toEqual([13_020]);
  });

  test('is not shortened by an older renewal', () => {
    const { timing, lease, ends } = world();
    lease.renew(5_000);
    lease.renew(1_000);
    timing.advanceTo(4_000);
    expect(ends).toEqual([]);
  });

  test('begins again after it has expired', () => {
    const { timing, lease, ends } = world();
    lease.renew(1_000);
    timing.advanceTo(2_000);
    lease.renew(3_000);
    timing.advanceTo(9_000);
    expect(ends).toEqual([1_020, 3_020]);
  });

  test('is renewed by messages that waited to be read during a stall', () => {
    const { timing, lease, ends } = world();
    lease.renew(1_000);
    timing.after(1_010, () => lease.renew(9_000));
    timing.advanceTo(5_000);
    expect(ends).toEqual([]);
  });

  test('has expired at once after a stall, though nothing ends before waiting messages are read', () => {
    const { timing, lease, ends } = world();
    lease.renew(1_000);
    expect(lease.isExpired).toBe(false);
    timing.skipTo(5_000, false);
    expect([lease.isExpired, ends]).toEqual([true, []]);
    timing.advanceTo(5_010);
    lease.renew(9_000);
    expect(lease.isExpired).toBe(false);
    timing.advanceTo(8_999);
    expect(ends).toEqual([]);
  });

  test('that a stall has hidden leaves less time to stop, down to none', () => {
    const { timing, lease } = world();
    const left = (atMs: number): number => {
      timing.skipTo(atMs, false);
      return lease.leftToStopMs;
    };
    expect(left(0)).toBe(0);
    lease.renew(1_000);
    expect([left(900), left(1_000), left(1_200), left(1_500), left(9_000)]).toEqual([500, 500, 300, 0, 0]);
    expect(lease.stoppedByMs).toBe(1_500);
  });

  test('without an end never expires', () => {
    const { timing, lease, ends } = world();
    lease.renew(Infinity);
    timing.advanceTo(60_000);
    expect([lease.isExpired, lease.leftToStopMs, ends]).toEqual([false, 500, []]);
  });

  test('that was ended by an order does not end again', () => {
    const { timing, lease, ends } = world();
    lease.renew(1_000);
    lease.end();
    timing.advanceTo(9_000);
    expect(ends).toEqual([]);
  });

  test('in the past expires at once', () => {
    const { timing, lease, ends } = world();
    timing.advanceTo(50);
    lease.renew(10);
    timing.advanceTo(100);
    expect(ends).toEqual([70]);
  });
});
