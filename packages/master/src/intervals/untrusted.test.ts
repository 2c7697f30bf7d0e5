import { expect, test } from '@jest/globals';
import { UntrustedSeconds } from './untrusted.js';

const bad = (severity: number) => ({ cause: `cause ${severity}`, severity });

test('seconds in a row are one span with the worst cause', () => {
  const untrusted = new UntrustedSeconds();
  untrusted.mark('w1', 3, bad(2));
  untrusted.mark('w2', 3, bad(1));
  untrusted.mark('w1', 4, bad(5));
  untrusted.mark('w1', 4, bad(1));
  untrusted.mark('w1', 9, bad(1));
  expect(untrusted.spans).toEqual([
    { worker: 'w1', fromSecond: 3, seconds: 2, ...bad(5) },
    { worker: 'w2', fromSecond: 3, seconds: 1, ...bad(1) },
    { worker: 'w1', fromSecond: 9, seconds: 1, ...bad(1) },
  ]);
  expect(untrusted.workersIn(3)).toEqual(['w1', 'w2']);
  expect(untrusted.workersIn(5)).toBeUndefined();
  expect([untrusted.countFrom(0), untrusted.countFrom(4)]).toEqual([3, 2]);
  const restored = new UntrustedSeconds();
  restored.restore(structuredClone(untrusted.spans));
  expect(restored.spans).toEqual(untrusted.spans);
  expect(restored.workersIn(3)).toEqual(['w1', 'w2']);
});

test('a suspected second is judged by its response times once it has closed', () => {
  const untrusted = new UntrustedSeconds();
  for (const second of [1, 2, 3])
    untrusted.suspect('w1', second, (p99Ms) => (p99Ms < 100 ? bad(second) : undefined));
  const p99Ms = new Map([
    [1, 20],
    [2, 500],
    [3, 20],
  ]);
  expect(untrusted.settle(2, (second) => p99Ms.get(second))).toEqual([1]);
  expect(untrusted.spans).toEqual([{ worker: 'w1', fromSecond: 1, seconds: 1, ...bad(1) }]);
  expect(untrusted.settle(2, (second) => p99Ms.get(second))).toEqual([]);
  expect(untrusted.settle(Infinity, () => undefined)).toEqual([]);
  expect(untrusted.spans).toHaveLength(1);
});
