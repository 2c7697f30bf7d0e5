import {
  describeLimit,
  describeLimitFigures,
  describeMargin,
  formatCount,
  formatDuration,
  formatLoadRate,
  formatThresholdValue,
  outcomeLine,
  reasonsIn,
  taggedLabel,
} from '@drumline/model';
import type { LimitResult, RunResult, ThresholdResult } from '@drumline/wire';
import type { Comparison } from '../compare/comparison.js';

/** One line of a verdict, as CI systems list tests. */
export interface TestCase {
  readonly group: 'run' | 'limit' | 'thresholds' | 'checks' | 'comparison';
  readonly name: string;
  /** `unknown`: neither passed nor failed, such as a change that may be noise. */
  readonly outcome: 'passed' | 'failed' | 'unknown';
  /** One line on what was found. */
  readonly summary: string;
  /** Further lines, such as those of a failure. */
  readonly details: readonly string[];
}

/** Errors and exceptions that a failed verdict lists. */
const MOST_LISTED = 10;

/**
 * The verdict of a run as test cases: the run itself, the answer of a search for a limit, its
 * thresholds, its checks, and the conditions of a comparison. Failed checks fail their case only if
 * they fail the run: without thresholds.
 */
export function testCasesOf(result: RunResult, comparison?: Comparison): TestCase[] {
  return [
    runCase(result),
    ...(result.limit ? [limitCase(result.limit)] : []),
    ...(result.thresholds ?? []).map(thresholdCase),
    ...result.checks.map((check) => checkCase(check, result.thresholds !== undefined)),
    ...(comparison?.conditions ?? []).map(({ expression, outcome, message }): TestCase => ({
      group: 'comparison',
      name: `--fail-if ${expression}`,
      outcome: outcome === 'cannot-tell' ? 'unknown' : outcome,
      summary: message,
      details: [],
    })),
  ];
}

function runCase(result: RunResult): TestCase {
  const { verdict, errors, exceptions } = result;
  const isPassed = verdict === 'passed';
  const failures = errors
    .toSorted((a, b) => b.occurrences - a.occurrences)
    .map(
      ({ method, name, error, example, occurrences }) =>
        `${formatCount(occurrences)} × ${`${method} ${name}`.trim()}: ${error}${example === undefined ? '' : ` (${example})`}`,
    );
  const thrown = exceptions.map(
    ({ task, message, place, occurrences }) =>
      `${formatCount(occurrences)} × ${task}: ${message}${place === undefined ? '' : ` at ${place}`}`,
  );
  return {
    group: 'run',
    name: 'verdict',
    outcome: isPassed ? 'passed' : 'failed',
    summary: `${verdict}: ${outcomeLine(result)}`,
    details: isPassed
      ? []
      : [
          ...reasonsIn(result).map(({ message }) => message),
          ...limited(failures, 'errors'),
          ...limited(thrown, 'exceptions'),
        ],
  };
}

/** A search fails if it found no rate. That its last step failed is its answer. */
function limitCase(limit: LimitResult): TestCase {
  const signs = limit.steps.map(({ passed, untrusted }) => (passed ? '✓' : untrusted ? '!' : '✗'));
  return {
    group: 'limit',
    name: 'findLimit',
    outcome: limit.perSecond === null ? 'failed' : 'passed',
    summary: describeLimit(limit),
    details: limit.steps.map(
      (step, index) => `${signs[index]} ${formatLoadRate(step.perSecond)} ${describeLimitFigures(step)}`,
    ),
  };
}

function thresholdCase(threshold: ThresholdResult): TestCase {
  const { of, expression, passed, observed, unit, margin, problem, brokenForMs, firstBrokenAtMs } = threshold;
  const found = observed === null ? (problem ?? 'no data') : formatThresholdValue(observed, unit);
  const distance = margin === undefined ? '' : `, ${describeMargin(margin, expression.includes('>'))}`;
  return {
    group: 'thresholds',
    name: of === '' ? expression : `${of}: ${expression}`,
    outcome: passed ? 'passed' : 'failed',
    summary: `${found}${distance}`,
    details:
      firstBrokenAtMs === undefined
        ? []
        : [`broken for ${formatDuration(brokenForMs)}, first after ${formatDuration(firstBrokenAtMs)}`],
  };
}

function checkCase(check: RunResult['checks'][number], hasThresholds: boolean): TestCase {
  const { passes, fails } = check;
  const name = taggedLabel(check);
  const all = `${formatCount(fails)} of ${formatCount(passes + fails)} failed`;
  const isFailed = fails > 0 && !hasThresholds;
  return { group: 'checks', name, outcome: isFailed ? 'failed' : 'passed', summary: all, details: [] };
}

function limited(lines: readonly string[], what: string): string[] {
  const left = lines.length - MOST_LISTED;
  return [...lines.slice(0, MOST_LISTED), ...(left > 0 ? [`and ${formatCount(left)} more ${what}`] : [])];
}
