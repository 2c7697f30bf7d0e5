import { expect, test } from '@jest/globals';
import { expired } from './retention.js';
import type { RegisteredRun } from './run-register.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');

/** A run that ended so many hours ago; null if it has not ended. */
function run(runId: string, hours: number | null): RegisteredRun {
  const endedAt = new Date(NOW - (hours ?? 0) * 3_600_000).toISOString();
  return {
    runId,
    order: 1,
    scenario: 'shop.ts',
    scenarioPath: 'shop.ts',
    labels: {},
    workersWanted: 'all',
    submittedAt: endedAt,
    ...(hours !== null && { end: { state: 'finished', endedAt, exitCode: 0 } }),
  };
}

const RUNS = [run('waits', null), run('c', 1), run('a', 50), run('b', 20)];

test.each([
  ['everything', {}, []],
  ['a number of them', { count: 1 }, ['a', 'b']],
  ['those of a time', { ageMs: 24 * 3_600_000 }, ['a']],
  ['the fewer of both', { count: 2, ageMs: 3_600_000 * 2 }, ['a', 'b']],
  ['none', { count: 0 }, ['a', 'b', 'c']],
])('a service keeps %s, and never removes a run that has not ended', (_, keep, removed) => {
  expect(expired(RUNS, keep, NOW).map(({ runId }) => runId)).toEqual(removed);
});
