import { describe, expect, test } from '@jest/globals';
import { IdleLimit, usableMs } from './idle-limit.js';

const MINUTE_MS = 60_000;

describe('the time that a connection may be idle', () => {
  test.each([
    [100, 75],
    [1_000, 750],
    [5_000, 4_000],
    [60_000, 59_000],
  ])('ends a little before a limit of %d ms', (limitMs, expectedMs) => {
    expect(usableMs(limitMs)).toBe(expectedMs);
  });

  test('is unlimited until a server closes a connection', () => {
    const limit = new IdleLimit();
    limit.survived(3_000, 3_000);
    expect(limit.usableMs(3_000)).toBe(Infinity);
  });

  test('is the shortest idle time after which a connection was closed', () => {
    const limit = new IdleLimit();
    for (const idleMs of [5_010, 5_003, 5_000]) limit.closed(idleMs, 10_000);
    expect(limit.usableMs(10_000)).toBe(usableMs(5_000));
  });

  test('is not learned from a server that ends connections in use', () => {
    const limit = new IdleLimit();
    limit.closed(5, 1_000);
    expect(limit.usableMs(1_000)).toBe(Infinity);
  });

  test('is not learned from one that restarts while others are idle for longer', () => {
    const limit = new IdleLimit();
    limit.survived(5_000, 10_000);
    for (const idleMs of [100, 2_000, 4_400]) limit.closed(idleMs, 11_000);
    expect(limit.usableMs(11_000)).toBe(Infinity);
    limit.closed(4_990, 12_000);
    expect(limit.usableMs(12_000)).toBe(usableMs(4_990));
  });

  test('grows slowly if connections outlive it', () => {
    const limit = new IdleLimit();
    limit.closed(1_000, 0);
    const grown = [1, 2, 3, 4].map(() => {
      limit.closed(5_000, 0);
      return limit.usableMs(0);
    });
    expect(grown[0]).toBe(usableMs(2_000));
    expect(grown[3]).toBeGreaterThan(usableMs(3_500));
    expect(grown[3]).toBeLessThan(usableMs(5_000));
  });

  test('is forgotten if nothing confirms it', () => {
    const limit = new IdleLimit();
    limit.closed(1_000, 0);
    expect(limit.usableMs(9 * MINUTE_MS)).toBe(750);
    limit.closed(1_000, 9 * MINUTE_MS);
    expect(limit.usableMs(18 * MINUTE_MS)).toBe(750);
    expect(limit.usableMs(20 * MINUTE_MS)).toBe(Infinity);
  });

  test('survived idle times are forgotten as well', () => {
    const limit = new IdleLimit();
    limit.survived(50_000, 0);
    limit.closed(1_000, 20 * MINUTE_MS);
    expect(limit.usableMs(20 * MINUTE_MS)).toBe(750);
  });
});
