import { describe, expect, test } from '@jest/globals';
import type { Ending, ExitName, NoteCode } from '@drumline/model';
import { exitOf, verdictOf } from './ending.js';

const ENDINGS: readonly Ending[] = [
  'planned',
  'requested',
  'interrupted',
  'worker-lost',
  'target-down',
  'workers-left',
  'scenario',
  'threshold',
];

function exit(
  ending: Ending,
  failed: number,
  measured = true,
  lost = false,
  notes: NoteCode[] = [],
  failedThresholds?: number,
): ExitName {
  return exitOf(
    ending,
    { has: (code) => notes.includes(code) },
    { leaveDoubt: lost },
    { failed, measured, ...(failedThresholds !== undefined && { failedThresholds }) },
  );
}

describe('how a run ends', () => {
  test.each<[Ending, number, boolean, ExitName]>([
    ['planned', 0, true, 'passed'],
    ['planned', 1, true, 'requests-failed'],
    ['planned', 0, false, 'nothing-measured'],
    ['requested', 0, true, 'stopped-early'],
    ['requested', 3, true, 'requests-failed'],
    ['requested', 0, false, 'nothing-measured'],
    ['scenario', 0, true, 'stopped-by-scenario'],
    ['scenario', 1, true, 'requests-failed'],
    ['target-down', 50, true, 'target-down'],
    ['workers-left', 0, true, 'workers-left'],
    ['workers-left', 2, true, 'workers-left'],
    ['interrupted', 0, true, 'interrupted'],
    ['interrupted', 2, false, 'interrupted'],
    ['worker-lost', 0, true, 'worker-lost'],
  ])('%s with %i failures, measured: %s, is %s', (ending, failed, measured, expected) => {
    expect(exit(ending, failed, measured)).toBe(expected);
  });

  test('incomplete results take precedence over everything but a signal', () => {
    for (const ending of ENDINGS) {
      const expected = ending === 'interrupted' ? 'interrupted' : 'worker-lost';
      expect(exit(ending, 7, true, true)).toBe(expected);
      expect(exit(ending, 0, true, false, ['reports-missing'])).toBe(expected);
    }
  });

  test('a crashed lane does not pass, even if all its results are counted', () => {
    expect(exit('planned', 0, true, false, ['lane-crashed'])).toBe('worker-lost');
  });

  test('only a planned end with something measured and nothing failed passes', () => {
    for (const ending of ENDINGS)
      for (const failed of [0, 1])
        for (const measured of [true, false]) {
          const passes = ending === 'planned' && failed === 0 && measured;
          const name = exit(ending, failed, measured);
          expect(verdictOf(name, { failed, measured }) === 'passed').toBe(passes);
          expect(name === 'passed').toBe(passes);
        }
  });

  test.each<[Ending, number, boolean, number, ExitName]>([
    ['planned', 7, true, 0, 'passed'],
    ['planned', 0, true, 1, 'thresholds-failed'],
    ['planned', 0, false, 1, 'nothing-measured'],
    ['requested', 7, true, 0, 'stopped-early'],
    ['requested', 0, true, 2, 'thresholds-failed'],
    ['scenario', 1, true, 0, 'stopped-by-scenario'],
    ['threshold', 0, true, 1, 'threshold-abort'],
    ['threshold', 0, false, 1, 'threshold-abort'],
    ['target-down', 9, true, 1, 'target-down'],
    ['interrupted', 0, true, 1, 'interrupted'],
  ])(
    'with thresholds: %s, %i failures, measured: %s, %i failed thresholds is %s',
    (ending, failed, measured, thresholds, expected) => {
      expect(exit(ending, failed, measured, false, [], thresholds)).toBe(expected);
    },
  );

  test('losses take precedence over thresholds', () => {
    expect(exit('threshold', 0, true, true, [], 1)).toBe('worker-lost');
    expect(exit('planned', 0, true, false, ['lane-crashed'], 0)).toBe('worker-lost');
  });

  test('failures do not change the verdict of a run with thresholds', () => {
    const counted = { failed: 9, measured: true, failedThresholds: 0 };
    expect(verdictOf('interrupted', counted)).toBe('stopped-early');
    expect(verdictOf('interrupted', { ...counted, failedThresholds: 1 })).toBe('failed');
    expect(verdictOf('passed', counted)).toBe('passed');
    expect(verdictOf('threshold-abort', counted)).toBe('failed');
  });

  test('a run that was interrupted without failures has not failed', () => {
    expect(verdictOf('interrupted', { failed: 0, measured: true })).toBe('stopped-early');
    expect(verdictOf('interrupted', { failed: 1, measured: true })).toBe('failed');
  });
});
