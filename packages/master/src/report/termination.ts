import { clip, exitNameOf, outcomeLine, reasonsIn, type DrumlineError, type ExitName } from '@drumline/model';
import type { RunResult, ThresholdResult, Verdict } from '@drumline/wire';

/** Kubernetes keeps this much of a termination message. */
export const TERMINATION_BYTES = 4_096;
const LONGEST_TEXT = 1_000;

/** How a command ended, for programs that read a termination message. */
export interface Termination {
  /** Null without a result. */
  readonly verdict: Verdict | null;
  readonly exitCode: number;
  /** Name of the exit code. */
  readonly exit: ExitName;
  /** Why, in one or a few sentences. */
  readonly reason: string;
  /** What to do about it; absent if nothing is known. */
  readonly hint?: string;
  readonly run?: {
    readonly id: string;
    readonly scenario: string;
    readonly startedAt: string;
    readonly durationMs: number;
  };
  readonly totals?: {
    readonly requests: number;
    readonly failures: number;
    readonly interrupted: number;
    /** Requests per second. */
    readonly rate: number;
    /** Response times, milliseconds. */
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly failedChecks: number;
  };
  readonly failedThresholds?: readonly Pick<ThresholdResult, 'expression' | 'of' | 'observed' | 'unit'>[];
  /** How many failed thresholds were left out. */
  readonly moreFailedThresholds?: number;
}

/** @param exitCode of the command, if it differs from that of the run */
export function terminationOf(result: RunResult, exitCode = result.exitCode): Termination {
  const { run, verdict, totals, checks, thresholds } = result;
  const { requests, failures, interrupted, rate, latencyMs } = totals;
  const reasons = reasonsIn(result).map(({ message }) => message);
  const failed = thresholds?.filter(({ passed }) => !passed) ?? [];
  return {
    verdict,
    exitCode,
    exit: exitNameOf(exitCode),
    reason: reasons.length > 0 ? reasons.join(' ') : capitalized(`${outcomeLine(result)}.`),
    run: { id: run.id, scenario: run.scenario, startedAt: run.startedAt, durationMs: run.durationMs },
    totals: {
      requests,
      failures,
      interrupted,
      rate,
      p50: latencyMs.p50,
      p95: latencyMs.p95,
      p99: latencyMs.p99,
      failedChecks: checks.reduce((sum, { fails }) => sum + fails, 0),
    },
    ...(failed.length > 0 && {
      failedThresholds: failed.map(({ expression, of, observed, unit }) => ({
        expression,
        of,
        observed,
        unit,
      })),
    }),
  };
}

/** The end of a command without a result. */
export function terminationBy({ exit, exitCode, message, hint }: DrumlineError): Termination {
  return { verdict: null, exitCode, exit, reason: message, ...(hint !== undefined && { hint }) };
}

/**
 * A termination message as one line of JSON. Texts are cut and thresholds left out until it has at
 * most `TERMINATION_BYTES`.
 */
export function renderTermination(termination: Termination): string {
  const thresholds = termination.failedThresholds ?? [];
  let shown = thresholds.length;
  let longest = LONGEST_TEXT;
  for (;;) {
    const left = thresholds.length - shown;
    const line = `${JSON.stringify(
      {
        ...termination,
        ...(thresholds.length > 0 && { failedThresholds: thresholds.slice(0, shown) }),
        ...(left > 0 && { moreFailedThresholds: left }),
      },
      (_, value: unknown) => (typeof value === 'string' ? clip(value, longest) : value),
    )}\n`;
    if (Buffer.byteLength(line) <= TERMINATION_BYTES) return line;
    // A few thresholds say more than a long text.
    if (shown > 3 || longest <= 50) shown = Math.floor(shown / 2);
    else longest = Math.floor(longest / 2);
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
