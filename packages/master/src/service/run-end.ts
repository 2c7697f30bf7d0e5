import { DrumlineError, EXIT_CODES, messageOf, type RunState } from '@drumline/model';
import type { RunFigures, RunResult } from '@drumline/wire';
import type { RunEnd } from './run-register.js';

/** The end of a run with a result. */
export function endWith(result: RunResult, state: RunState): RunEnd {
  const { verdict, exitCode, run } = result;
  const { startedAt, endedAt, target } = run;
  return {
    state,
    startedAt,
    endedAt,
    verdict,
    exitCode,
    ...(target !== undefined && { target }),
    figures: figuresOf(result),
  };
}

/** The end of a run without a result. */
export function endWithout(error: unknown): RunEnd {
  const { exitCode } = error instanceof DrumlineError ? error : EXIT_CODES.internal;
  return { state: 'failed', endedAt: new Date().toISOString(), exitCode, problem: messageOf(error) };
}

function figuresOf({ totals }: RunResult): RunFigures {
  const { requests, failures, rate, latencyMs } = totals;
  return {
    requests,
    failures,
    perSecond: rate,
    p50Ms: latencyMs.p50,
    p95Ms: latencyMs.p95,
    p99Ms: latencyMs.p99,
  };
}
