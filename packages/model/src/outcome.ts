import { formatCount } from './format-count.js';
import { EXIT_CODES, type ExitName } from './exit-codes.js';
import { taggedLabel } from './series.js';
import { formatThresholdValue } from './thresholds/describe.js';
import type { ThresholdUnit } from './thresholds/threshold.js';
import { describeLimit, type FoundLimit } from './workload/find-limit.js';

/** One reason for a verdict. */
export interface Reason {
  /**
   * `requests-failed`, `checks-failed`, `exceptions`, `threshold-failed`, `starts-lost`,
   * `starts-missing`, `no-limit-found`, or the name of the exit code.
   */
  readonly code: string;
  readonly message: string;
  /** Number of requests, checks, exceptions or starts. */
  readonly count?: number;
}

/** The parts of a result on which its verdict depends. */
interface Judged {
  readonly exit: string;
  readonly totals: { readonly requests: number; readonly failures: number; readonly interrupted: number };
  readonly checks: readonly JudgedCheck[];
  readonly exceptions: readonly { readonly occurrences: number }[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
  readonly thresholds?: readonly JudgedThreshold[] | undefined;
  readonly losses?: readonly { readonly startsAtMost?: number | undefined }[] | undefined;
  /** The answer of a search for a limit. It tolerates failures. */
  readonly limit?: FoundLimit | undefined;
}

interface JudgedCheck {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly passes: number;
  readonly fails: number;
}

/** What a reason says about a threshold. */
interface JudgedThreshold {
  readonly expression: string;
  readonly of: string;
  readonly unit: ThresholdUnit;
  readonly observed: number | null;
  readonly passed: boolean;
  readonly margin?: number | undefined;
  readonly problem?: string | undefined;
}

/** The code of the reason that starts were lost. */
export const LOST_STARTS = 'starts-lost';

/** Exit codes for which the counts are explanation enough. */
const EXPLAINED_BY_COUNTS = new Set<string>(['passed', 'requests-failed', 'thresholds-failed']);

/**
 * The reasons for a run's verdict: first how it ended, if not as planned, then everything that
 * failed, then the starts that were lost.
 */
export function reasonsOf(result: Judged): Reason[] {
  const { exit } = result;
  const ending = EXPLAINED_BY_COUNTS.has(exit) ? [] : [{ code: exit, message: endingOf(result) }];
  const { thresholds, limit } = result;
  const failures =
    thresholds || limit
      ? [...failedThresholds(thresholds ?? []), ...missingLimit(limit)]
      : failuresOf(result);
  return [...ending, ...failures, ...lostStarts(result)];
}

/** The reasons of a verdict. Results of older versions do not store them, so they are computed. */
export function reasonsIn(
  result: Judged & { readonly reasons?: readonly Reason[] | undefined },
): readonly Reason[] {
  return result.reasons ?? reasonsOf(result);
}

/**
 * One line that says what failed and what did not: `3 of 1,200 checks failed; all 1,200 requests
 * succeeded`. With thresholds, it begins with how many of them passed.
 */
export function outcomeLine(result: Judged): string {
  const failures = failuresOf(result).map(({ message }) => message.replace(/\.$/, ''));
  const { requests, failures: failed, interrupted } = result.totals;
  const finished = requests - interrupted;
  const verdict = thresholdsLine(result.thresholds);
  if (failed > 0) return `${verdict}${failures.join(', ')}`;
  const rest =
    finished === 0
      ? requests === 0
        ? 'no requests were made'
        : `none of ${counted(requests, 'request')} finished`
      : `all ${counted(finished, interrupted > 0 ? 'finished request' : 'request')} succeeded`;
  return `${verdict}${failures.length === 0 ? rest : `${failures.join(', ')}; ${rest}`}`;
}

/** `1 of 3 thresholds failed; `; empty without thresholds. */
function thresholdsLine(thresholds: Judged['thresholds'] = []): string {
  const failed = thresholds.filter(({ passed }) => !passed).length;
  if (thresholds.length === 0) return '';
  const all = counted(thresholds.length, 'threshold');
  if (failed > 0) return `${failed} of ${all} failed; `;
  return thresholds.length === 1 ? 'the threshold passed; ' : `all ${all} passed; `;
}

function missingLimit(limit: FoundLimit | undefined): Reason[] {
  return limit?.perSecond === null ? [{ code: 'no-limit-found', message: describeLimit(limit) }] : [];
}

function failedThresholds(thresholds: readonly JudgedThreshold[]): Reason[] {
  return thresholds
    .filter(({ passed }) => !passed)
    .map(({ expression, of, unit, observed, problem }) => {
      const name = of === '' ? expression : `${of}: ${expression}`;
      const found =
        observed === null ? (problem ?? 'no data') : `it was ${formatThresholdValue(observed, unit)}`;
      return { code: 'threshold-failed', message: `threshold ${name}: ${found}` };
    });
}

/** Starts that are missing or doubled: those that losses state, and those of unknown cause. */
function lostStarts({ losses = [], notes }: Judged): Reason[] {
  const unexplained = notes
    .filter(({ code }) => code === 'starts-missing')
    .map(({ code, message }) => ({ code, message }));
  const count = losses.reduce((sum, { startsAtMost = 0 }) => sum + startsAtMost, 0);
  if (count === 0) return unexplained;
  const message = `Up to ${counted(count, 'start')} did not happen, happened twice, or are not counted.`;
  return [{ code: LOST_STARTS, count, message }, ...unexplained];
}

function failuresOf({ totals, checks, exceptions }: Judged): Reason[] {
  const fails = checks.reduce((sum, check) => sum + check.fails, 0);
  const judged = checks.reduce((sum, check) => sum + check.passes, fails);
  const thrown = exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0);
  const reasons: Reason[] = [];
  if (totals.failures > 0) {
    const share = percent(totals.failures, totals.requests);
    reasons.push({
      code: 'requests-failed',
      count: totals.failures,
      message: `${formatCount(totals.failures)} of ${counted(totals.requests, 'request')} failed (${share})`,
    });
  }
  if (fails > 0) {
    const failing = checks.filter((check) => check.fails > 0).toSorted((a, b) => b.fails - a.fails);
    const worst = `'${taggedLabel(failing[0]!)}'${failing.length > 1 ? ` and ${failing.length - 1} more` : ''}`;
    const message = `${formatCount(fails)} of ${counted(judged, 'check')} failed (${worst})`;
    reasons.push({ code: 'checks-failed', count: fails, message });
  }
  if (thrown > 0) {
    const message = `the scenario threw ${counted(thrown, 'exception')}`;
    reasons.push({ code: 'exceptions', count: thrown, message });
  }
  return reasons;
}

/** Exit codes whose cause is in the note `stopped-early`. */
const STOPS = new Set(['interrupted', 'stopped-by-scenario', 'threshold-abort']);

/** The newest note about the ending, or else the meaning of the exit code. */
function endingOf({ exit, notes }: Judged): string {
  const code = STOPS.has(exit) ? 'stopped-early' : exit;
  // A run that is read from its store may not have ended.
  const note = notes.findLast((one) => one.code === code || one.code === 'unfinished');
  if (note) return note.message.split('\n')[0]!;
  return Object.hasOwn(EXIT_CODES, exit) ? EXIT_CODES[exit as ExitName].meaning : exit;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Never `0.0%` unless the part is 0, nor `100.0%` unless it is the whole. */
function percent(part: number, whole: number): string {
  const share = (part / whole) * 100;
  if (share < 0.05) return '<0.1%';
  if (share >= 99.95 && part < whole) return '>99.9%';
  return `${share.toFixed(1)}%`;
}
