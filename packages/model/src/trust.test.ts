import { expect, test } from '@jest/globals';
import { bottleneckOf, lateBottleneck } from './trust.js';

const lane = (changes: object) => ({
  lane: 1,
  busy: 0.5,
  cpu: 0.5,
  loopDelayMs: 20,
  loopDelayP99Ms: 2,
  stalledMs: 0,
  ...changes,
});

const late = (ms: number, changes: object = {}) =>
  lane({ loopDelayMs: ms, loopDelayP99Ms: 0.8 * ms, ...changes });

test('a lane that keeps up is no bottleneck', () => {
  expect(bottleneckOf([], 20)).toBeUndefined();
  expect(bottleneckOf([lane({}), lane({ busy: 0.9, cpu: 0.9, loopDelayMs: 45 })], 20)).toBeUndefined();
  expect(bottleneckOf([late(6)], 1)).toBeUndefined();
});

test('a delay of the event loop matters beside short response times only', () => {
  expect(bottleneckOf([late(60)], 70)?.cause).toBe('the event loop of lane 1 was late by up to 60ms');
  expect(bottleneckOf([late(60)], 500)).toBeUndefined();
  // Of a p99 of 29 ms, 9 ms are the delay of the lane.
  expect(bottleneckOf([late(9)], 29)).toBeDefined();
  expect(bottleneckOf([late(9)], 60)).toBeUndefined();
});

test('the worst lane is named, with the reason', () => {
  const lanes = [late(60), late(340, { lane: 2, busy: 0.9, cpu: 0.2 })];
  expect(bottleneckOf(lanes, 20)?.cause).toBe(
    'the event loop of lane 2, which got too little CPU, was late by up to 340ms',
  );
  expect(bottleneckOf([late(900, { stalledMs: 3_000 })], 20)?.cause).toContain('late by up to 3s');
  expect(bottleneckOf([lane({ busy: 0.99, cpu: 0.99 })], 20)?.cause).toBe('lane 1 was busy all the time');
});

test('late starts matter from one in a hundred on', () => {
  expect(lateBottleneck(2, 20)).toBeUndefined();
  expect(lateBottleneck(9, 1_000)).toBeUndefined();
  expect(lateBottleneck(0, 0)).toBeUndefined();
  expect(lateBottleneck(35, 1_000)?.cause).toBe('3.5 % of iterations began late');
  expect(lateBottleneck(7, 7)?.cause).toBe('100 % of iterations began late');
});
