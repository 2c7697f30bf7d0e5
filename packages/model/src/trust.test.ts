import { expect, test } from '@jest/globals';
import { bottleneckOf, lateBottleneck } from './trust.js';

const lane = (changes: object) => ({
  lane: 1,
  busy: 0.5,
  cpu: 0.5,
  loopDelayMs: 5,
  stalledMs: 0,
  ...changes,
});

test('a lane that keeps up is no bottleneck', () => {
  expect(bottleneckOf([], 20)).toBeUndefined();
  expect(bottleneckOf([lane({}), lane({ busy: 0.9, cpu: 0.9, loopDelayMs: 45 })], 20)).toBeUndefined();
});

test('a delay of the event loop matters beside short response times only', () => {
  const late = [lane({ loopDelayMs: 60 })];
  expect(bottleneckOf(late, 20)?.cause).toBe('the event loop of lane 1 was late by up to 60ms');
  expect(bottleneckOf(late, 500)).toBeUndefined();
});

test('the worst lane is named, with the reason', () => {
  const lanes = [lane({ loopDelayMs: 60 }), lane({ lane: 2, loopDelayMs: 340, busy: 0.9, cpu: 0.2 })];
  expect(bottleneckOf(lanes, 20)?.cause).toBe(
    'the event loop of lane 2, which got too little CPU, was late by up to 340ms',
  );
  expect(bottleneckOf([lane({ stalledMs: 3_000 })], 20)?.cause).toContain('late by up to 3s');
  expect(bottleneckOf([lane({ busy: 0.99, cpu: 0.99 })], 20)?.cause).toBe('lane 1 was busy all the time');
});

test('late starts matter from one in a hundred on', () => {
  expect(lateBottleneck(2, 20)).toBeUndefined();
  expect(lateBottleneck(9, 1_000)).toBeUndefined();
  expect(lateBottleneck(0, 0)).toBeUndefined();
  expect(lateBottleneck(35, 1_000)?.cause).toBe('3.5 % of iterations began late');
  expect(lateBottleneck(7, 7)?.cause).toBe('100 % of iterations began late');
});
