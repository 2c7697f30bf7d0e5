import { expect, test } from '@jest/globals';
import { changesPoint, Corrections } from './corrections.js';

test('a reader that returns misses the corrections since its last interval, of those it has', () => {
  const corrections = new Corrections();
  corrections.add(3, 5);
  corrections.add(2, 5);
  corrections.add(4, 8);
  expect(corrections.missedAfter(1)).toEqual([]);
  expect(corrections.missedAfter(2)).toEqual([2]);
  expect(corrections.missedAfter(5)).toEqual([2, 3, 4]);
  expect(corrections.missedAfter(6)).toEqual([4]);
  expect(corrections.missedAfter(9)).toEqual([]);
  corrections.add(2, 9);
  expect(corrections.missedAfter(9)).toEqual([2]);
  corrections.clear();
  expect(corrections.missedAfter(5)).toEqual([]);
});

test('windows and metrics alone do not change a point', () => {
  const latency = new Uint8Array();
  const key = { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] };
  const none = { second: 3, series: [], checks: [], metrics: [], exceptions: [] };
  const changes = (counts: object): boolean =>
    changesPoint({ type: 'corrected', number: 4, second: 3, counts: { ...none, ...counts } });
  expect(changes({ windows: [{ key, fromSecond: 2, latency }] })).toBe(false);
  expect(changes({ coarseLatency: latency })).toBe(true);
  expect(changes({ schedule: [{}] })).toBe(true);
  expect(changesPoint({ type: 'corrected', number: 4, second: 3, counts: none, isMarked: true })).toBe(true);
});
