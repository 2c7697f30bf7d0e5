import { expect, test } from '@jest/globals';
import { DrumlineError, rampAndHold, usersLoad, type Plan } from '@drumline/model';
import type { Participant } from '../allocation/participant.js';
import { isGathered, type Gathered } from './gathering.js';

const worker = { laneGroups: ['default', 'default'] } as unknown as Participant;

function runOf(expected: number, ready: number, failed: number, preparing = 0, users = 10): Gathered {
  const workers = Array.from({ length: ready }, () => worker);
  return {
    plan: { load: usersLoad(rampAndHold(users), []) } as Partial<Plan> as Plan,
    expectWorkers: expected,
    participants: { ready: workers, present: Array.from({ length: ready + preparing }, () => worker) },
    excluded: new Map(Array.from({ length: failed }, (_, n) => [`w${n}`, 'no such module'])),
  };
}

test.each([
  ['all that are expected are ready', runOf(3, 3, 0), true],
  ['one has not joined yet', runOf(3, 2, 0), false],
  ['one of three cannot load the scenario', runOf(3, 2, 1), true],
  ['one of three cannot load it, and another one in its place is not ready yet', runOf(3, 2, 1, 1), false],
  ['one of three cannot load it, and another one in its place is ready', runOf(3, 3, 1), true],
  ['one more than expected is not ready yet', runOf(3, 3, 0, 1), true],
  ['one cannot load it but another may', runOf(1, 0, 1, 1), false],
  ['two of three have failed, and the third has not joined yet', runOf(3, 0, 2), false],
])('%s', (_, run, expected) => {
  expect(isGathered(run)).toBe(expected);
});

test.each([1, 3])('if none of %i can load the scenario, the run fails with the problem of each', (count) => {
  const error = isGathered(runOf(count, 0, count)) as DrumlineError;
  expect(error.exit).toBe('setup-failed');
  expect(error.message.split('\n')).toHaveLength(count);
  expect(error.message).toContain('Worker w0 could not load the scenario: no such module');
});

test('more users than the lanes can hold are rejected before the run', () => {
  const error = isGathered(runOf(1, 1, 0, 0, 500_000)) as DrumlineError;
  expect(error.exit).toBe('usage');
  expect(error.message).toContain('exceed the 400,000 that 2 lanes can hold');
});
