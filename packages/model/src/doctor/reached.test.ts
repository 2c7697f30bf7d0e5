import { expect, test } from '@jest/globals';
import { describeReached, reachedOf } from './reached.js';

test('what was used is set beside the limits', () => {
  const most = { openFiles: 500, ports: 17_221, throttledMs: 1_234.5 };
  const limits = { openFiles: 1_000, localPorts: 28_232 };
  const reached = reachedOf(most, limits);
  expect(reached).toEqual({
    openFiles: { most: 500, limit: 1_000 },
    localPorts: { most: 17_221, limit: 28_232 },
    throttledMs: 1_235,
  });
  expect(describeReached([reached])).toEqual([
    'ports used at most: 61 %',
    'open files at most: 50 %',
    'CPU quota stopped the lanes for 1.2s',
  ]);
  expect(reachedOf(most, limits, 2)?.localPorts).toEqual({ most: 17_221, limit: 56_464 });
});

test('the highest share of all workers is described', () => {
  const of = (most: number) => ({ localPorts: { most, limit: 1_000 } });
  expect(describeReached([of(100), of(300), undefined])).toEqual(['ports used at most: 30 %']);
  expect(describeReached([of(0)])).toEqual(['ports used at most: 0 %']);
  expect(describeReached([of(1)])).toEqual(['ports used at most: <1 %']);
  expect(describeReached([undefined, {}])).toEqual([]);
});

test('nothing is known without a measurement or a limit', () => {
  expect(reachedOf(undefined, { openFiles: 1 })).toBeUndefined();
  expect(reachedOf({ openFiles: 1, ports: 1 }, {})).toEqual({});
});
