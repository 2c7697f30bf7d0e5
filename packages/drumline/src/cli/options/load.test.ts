import { describe, expect, test } from '@jest/globals';
import { rate, stages } from './load.js';

describe('--rate', () => {
  const { read } = rate('rate', {});

  test('is a rate with a unit', () => {
    expect(['200/s', '1200/m', '3/20s'].map(read)).toEqual([200, 20, 0.15]);
  });

  test.each([
    ['200', "--rate: '200' is not a rate: it has no unit; write 200/s for 200 per second"],
    ['200rps', '--rate: '],
    ['0/s', '--rate: must be a rate above 0'],
  ])('%s is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe('--stage', () => {
  const { read } = stages('stage', {});

  test('is a duration with a number of users or a rate, repeated or separated by commas', () => {
    expect(read(['2m:500', '30s:0,1h:10/m'])).toEqual([
      { durationMs: 120_000, to: 500, unit: 'users' },
      { durationMs: 30_000, to: 0, unit: 'users' },
      { durationMs: 3_600_000, to: 10 / 60, unit: 'per-second' },
    ]);
    expect(read('0s:5')).toEqual([{ durationMs: 0, to: 5, unit: 'users' }]);
  });

  test.each([
    ['500', "--stage: '500' is not a stage"],
    ['2m:', "--stage: '2m:' is not a stage"],
    ['2:500', "--stage: '2' is not a duration: it has no unit"],
    ['2m:many', "--stage: 'many' is not a number of users or a rate"],
    ['2m:1.5', "--stage: '1.5' is not a number of users"],
    ['2m:5/x', "--stage: '5/x' is not a rate"],
  ])('%s is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
