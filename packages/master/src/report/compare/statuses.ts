import { statusText } from '@drumline/model';
import { Sample, type Resampled, type Statistic } from '@drumline/stats';
import type { ComparedStatus } from './comparison.js';
import type { Judge, Pair } from './judge.js';
import type { RunUnits } from './read-units.js';

/** The share of a status is judged like an error rate. */
export const SHARE: Statistic = { kind: 'error-rate' };

/**
 * Compares how often responses had each status. Each share is of all requests, with those that had
 * no response.
 * @param wrong probability that a status is called more or less frequent if nothing changed
 * @returns in the order of the codes; undefined if a run has no statuses
 */
export function compareStatuses(
  [before, after]: Pair<RunUnits>,
  judge: (samples: Pair<Resampled>) => Judge,
  wrong: number,
): ComparedStatus[] | undefined {
  if (before.statuses.size === 0 || after.statuses.size === 0) return undefined;
  const codes = [...new Set([...before.statuses.keys(), ...after.statuses.keys()])].sort((a, b) => a - b);
  return codes.map((code) => {
    const units = [before, after].map(({ statuses, noStatus }) => statuses.get(code) ?? noStatus);
    const requests = units.map((those) => those.reduce((sum, { failures }) => sum + failures, 0));
    const judged = judge([new Sample(units[0]!), new Sample(units[1]!)]).statistic(
      SHARE,
      wrong / codes.length,
    );
    const { before: shareBefore, after: shareAfter, change, low, high } = judged;
    return {
      status: statusText(code),
      requests: { before: requests[0]!, after: requests[1]! },
      before: shareBefore,
      after: shareAfter,
      change,
      low,
      high,
      verdict: VERDICTS[judged.verdict],
    };
  });
}

/** More of a status is neither good nor bad in itself. */
const VERDICTS = { worse: 'more', better: 'fewer', same: 'same', 'cannot-tell': 'cannot-tell' } as const;
