import { DrumlineError, formatDuration, type Ending, type ExitName } from '@drumline/model';
import type { Verdict } from '@drumline/wire';
import type { Losses } from './losses.js';
import type { NoteCollector } from './note-collector.js';

/** The counts that the exit code depends on. */
export interface Counted {
  /** Requests, checks and exceptions that failed. */
  readonly failed: number;
  /** Whether anything was measured: a finished request, a check, a metric or an exception. */
  readonly measured: boolean;
  /** Thresholds that failed; absent if there are none. Failures do not decide then. */
  readonly failedThresholds?: number;
  /** Whether figures of the generator must fail the run: it was the bottleneck. */
  readonly untrusted?: boolean;
}

/** Notes that say that counts are incomplete. */
const DOUBTS = ['lane-crashed', 'reports-missing', 'starts-missing'] as const;

/**
 * Decides the exit code, in this order:
 * 1. A signal and losses: counts and thresholds cannot be trusted then. A crashed lane is a loss
 *    even if all its results are counted: its users stopped in the middle of their tasks. A worker
 *    that came back and delivered everything is not one, unless starts of a load with a rate are
 *    missing or happened twice.
 * 2. A target or workers that were gone; a generator that was the bottleneck, if that matters.
 *    Thresholds may have failed for that reason only.
 * 3. A threshold that ended the run.
 * 4. Failures, if there are no thresholds.
 * 5. An empty result: failed thresholds only had no data then.
 * 6. Failed thresholds.
 * 7. An early end.
 */
export function exitOf(
  ending: Ending,
  notes: Pick<NoteCollector, 'has'>,
  losses: Pick<Losses, 'leaveDoubt'>,
  { failed, measured, failedThresholds, untrusted }: Counted,
): ExitName {
  if (ending === 'interrupted' || ending === 'worker-lost') return ending;
  if (losses.leaveDoubt || DOUBTS.some((code) => notes.has(code))) return 'worker-lost';
  if (ending === 'target-down' || ending === 'workers-left') return ending;
  if (untrusted === true) return 'untrusted';
  if (ending === 'threshold') return 'threshold-abort';
  if (failedThresholds === undefined && failed > 0) return 'requests-failed';
  if (!measured) return 'nothing-measured';
  if (failedThresholds !== undefined && failedThresholds > 0) return 'thresholds-failed';
  if (ending === 'requested') return 'stopped-early';
  return ending === 'scenario' ? 'stopped-by-scenario' : 'passed';
}

const VERDICTS: Partial<Record<ExitName, Verdict>> = {
  passed: 'passed',
  'nothing-measured': 'nothing-measured',
  'stopped-early': 'stopped-early',
  'stopped-by-scenario': 'stopped-early',
};

export function verdictOf(exit: ExitName, { failed, measured, failedThresholds = failed }: Counted): Verdict {
  if (exit === 'interrupted' && failedThresholds === 0)
    return measured ? 'stopped-early' : 'nothing-measured';
  return VERDICTS[exit] ?? 'failed';
}

/** The error of a master that leaves its run to the next one. */
export function leftToNextMaster(runId: string): DrumlineError {
  return new DrumlineError(
    'handed-over',
    `This master received SIGTERM and handed run ${runId} over to the next one. Its workers continue.`,
    'To resume it, run the same command with the same --data-dir, or `drumline master --resume`.',
  );
}

/** The error of a run that was stopped before it started. */
export function stoppedBeforeStart(ending: Ending): DrumlineError {
  return new DrumlineError(
    ending === 'interrupted' ? 'interrupted' : 'stopped-early',
    'The run was stopped before it started. There is nothing to report.',
  );
}

/** The message when the store fails. @param elapsedMs of the run, once it has begun */
export function storeLost(why: string, elapsedMs: number | undefined): string {
  const since = elapsedMs === undefined ? '' : ` after ${formatDuration(elapsedMs)}`;
  return `The run is no longer stored: ${why} Results counted${since} are lost if this master dies before the end.`;
}
