import { expect, test } from '@jest/globals';
import { ReachedUse } from './reached-use.js';

test('the highest values of a run are kept, and throttling counts from its start', () => {
  const reached = new ReachedUse();
  expect(reached.stored).toBeUndefined();
  reached.add({ openFiles: 20, ports: 5, throttledMs: 1_000 });
  reached.add({ openFiles: 90, ports: 70, throttledMs: 1_400 });
  reached.add({ openFiles: 30, ports: 9, throttledMs: 1_500 });
  expect(reached.stored).toEqual({ openFiles: 90, ports: 70, throttledMs: 500 });
});

test('another master goes on with what was stored', () => {
  const reached = new ReachedUse({ openFiles: 90, ports: 70, throttledMs: 500 });
  reached.add({ openFiles: 100, ports: 9, throttledMs: 2_000 });
  reached.add({ openFiles: 30, ports: 9, throttledMs: 2_250 });
  expect(reached.stored).toEqual({ openFiles: 100, ports: 70, throttledMs: 750 });
});
