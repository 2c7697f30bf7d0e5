import { expect, test } from '@jest/globals';
import { isFound, trendOf } from './run-figures.js';

const run = (runId: string, p95Ms?: number) => ({
  runId,
  scenario: 'shop.ts',
  scenarioPath: 'shop.ts',
  labels: { branch: 'main' },
  state: 'finished',
  verdict: 'passed',
  target: 'https://shop.example',
  workersWanted: 'all' as const,
  submittedAt: '2026-01-01T00:00:00.000Z',
  ...(p95Ms !== undefined && {
    figures: { requests: 10, failures: 0, perSecond: 5, p50Ms: 1, p95Ms, p99Ms: 9 },
  }),
});

test.each([
  ['', true],
  ['SHOP branch=main', true],
  ['passed shop.example', true],
  ['failed', false],
])('the search %j finds the run: %s', (search, expected) => {
  expect(isFound(run('r1'), search)).toBe(expected);
});

test('a trend has the newest runs with figures, from old to new, relative to the greatest', () => {
  const points = trendOf([run('r4', 50), run('r3'), run('r2', 100), run('r1', 20)], 2, ({ p95Ms }) => p95Ms);
  expect(points.map(({ run: { runId }, x, y }) => [runId, x, y])).toEqual([
    ['r2', 0, 1],
    ['r4', 1, 0.5],
  ]);
  expect(trendOf([run('r1', 0)], 5, ({ p95Ms }) => p95Ms)).toMatchObject([{ x: 0.5, y: 0 }]);
});
