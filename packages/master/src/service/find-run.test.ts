import { expect, test } from '@jest/globals';
import type { RunView } from '@drumline/wire';
import { findRun } from './find-run.js';

function run(runId: string, state: string, position?: number): RunView {
  return {
    runId,
    scenario: 'shop',
    scenarioPath: 'shop.ts',
    labels: {},
    state,
    workersWanted: 'all',
    submittedAt: '2026-01-01T00:00:00.000Z',
    ...(position !== undefined && { position }),
  };
}

const [ended, older] = [run('aaaa1111', 'finished'), run('aaaa2222', 'failed')];
const [first, second] = [run('bbbb1111', 'queued', 1), run('bbbb2222', 'queued', 2)];
const [active, other] = [run('cccc1111', 'paused'), run('cccc2222', 'gathering')];

test.each([
  ['the run in progress', [second, first, active, ended], active],
  ['the first of the queue, if none is in progress', [second, first, ended], first],
  ['the newest that ended, if none waits', [ended, older], ended],
])('current is %s', (_, runs, expected) => {
  expect(findRun(runs, 'current')).toBe(expected);
});

test('an id names its run, and so does a unique beginning of four characters', () => {
  const runs = [active, other, first];
  expect(findRun(runs, 'cccc2222')).toBe(other);
  expect(findRun(runs, 'cccc2')).toBe(other);
  expect(findRun(runs, 'bbbb')).toBe(first);
});

test.each([
  ['current', [active, other], 'run-ambiguous', '2 runs are in progress', 'cccc1111 (shop), cccc2222 (shop)'],
  ['cccc', [active, other], 'run-ambiguous', "several runs begin with 'cccc'", 'cccc1111 (shop)'],
  ['ccc', [active], 'run-unknown', "there is no run 'ccc'", 'Did you mean cccc1111?'],
  ['cccd', [active, ended], 'run-unknown', "there is no run 'cccd'", 'Did you mean cccc1111?'],
  ['ffffffff', [active], 'run-unknown', "there is no run 'ffffffff'", 'Its runs are: cccc1111 (shop).'],
  ['current', [], 'run-unknown', 'this master has no run', 'drumline submit'],
  ['abcd', [], 'run-unknown', "there is no run 'abcd'", 'This master has no run.'],
])('%s is refused with the ids that it may mean', (named, runs, code, message, hint) => {
  expect(() => findRun(runs, named)).toThrow(
    expect.objectContaining({ code, message, hint: expect.stringContaining(hint) }),
  );
});
