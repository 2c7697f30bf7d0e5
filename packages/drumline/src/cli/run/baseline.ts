import type { ChangeCondition } from '@drumline/model';
import type { Comparison } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';
import { isFailed } from '../options/compare.js';
import { optionError } from '../options/values.js';
import { openPastRun, withHistory } from '../past-run.js';
import { basename } from 'node:path';

/** A comparison with a baseline, which is made once the run has ended. */
export interface PlannedComparison {
  compare(result: RunResult): Promise<Comparison>;
  /** Whether it fails the command. */
  isFailed(comparison: Comparison): boolean;
}

interface BaselineArguments {
  readonly baseline?: string | undefined;
  readonly failIf?: readonly ChangeCondition[] | undefined;
  readonly margin: number;
  readonly cannotTell: string;
}

/**
 * Reads the baseline before the run, so that a mistake is reported at once.
 * @param dataDir where the run is stored; null if it is not
 * @throws DrumlineError `usage` if there is no such run
 */
export async function planComparison(
  { baseline, failIf = [], margin, cannotTell }: BaselineArguments,
  scenario: string,
  dataDir: string | null,
  defaultDataDir: string,
): Promise<PlannedComparison | undefined> {
  if (baseline === undefined) {
    if (failIf.length === 0) return undefined;
    throw optionError('fail-if', 'it needs a baseline', 'Add for example --baseline label:branch=main.');
  }
  const place = { dataDir: dataDir ?? defaultDataDir };
  const before = await withHistory(await openPastRun(baseline, place, { scenario: basename(scenario) }));
  return {
    compare: async (result) => {
      const { compareRuns } = await import('@drumline/master/report');
      const path = dataDir === null ? undefined : await fileOf(result, dataDir);
      return compareRuns(before, { result, path }, { conditions: failIf, margin });
    },
    isFailed: ({ conditions }) => isFailed(conditions, cannotTell),
  };
}

async function fileOf({ run }: RunResult, dataDir: string): Promise<string | undefined> {
  const { findRun } = await import('@drumline/master/store');
  try {
    return findRun(dataDir, run.id);
  } catch {
    // The disk was full, for example. The totals can still be compared.
    return undefined;
  }
}
