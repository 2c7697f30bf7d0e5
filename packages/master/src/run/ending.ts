import { DrumlineError, formatDuration, type ExitName } from '@drumline/model';
import type { Verdict } from '@drumline/wire';
import type { Losses } from './losses.js';
import type { Notebook } from './notebook.js';

/**
 * What ended a run. `planned` is also an order to stop a plan without an end; `requested` is an
 * order to stop before the planned end; `scenario` is an order of the scenario's code;
 * `workers-left` is an end without any worker left.
 */
export type Ending =
  'planned' | 'requested' | 'interrupted' | 'worker-lost' | 'workers-left' | 'target-down' | 'scenario';

/** What a run counted, as far as its exit code depends on it. */
export interface Counted {
  /** Requests, checks and exceptions that failed. */
  readonly failed: number;
  /** Whether there is any request that ended, check, metric or exception. */
  readonly measured: boolean;
}

/**
 * Decides the exit code. Incomplete numbers take precedence over failures, failures over an
 * early end, and a run that measured nothing over an early end too.
 */
export function exitOf(
  ending: Ending,
  notes: Pick<Notebook, 'has'>,
  losses: Pick<Losses, 'leaveSomethingUncounted'>,
  { failed, measured }: Counted,
): ExitName {
  if (ending === 'interrupted' || ending === 'worker-lost') return ending;
  // A worker that came back and delivered everything is a note, and no failure.
  if (losses.leaveSomethingUncounted || notes.has('lane-crashed') || notes.has('reports-missing'))
    return 'worker-lost';
  if (ending === 'target-down' || ending === 'workers-left') return ending;
  if (failed > 0) return 'requests-failed';
  if (!measured) return 'nothing-measured';
  if (ending === 'requested') return 'stopped-early';
  return ending === 'scenario' ? 'stopped-by-scenario' : 'passed';
}

const VERDICTS: Partial<Record<ExitName, Verdict>> = {
  passed: 'passed',
  'nothing-measured': 'nothing-measured',
  'stopped-early': 'stopped-early',
  'stopped-by-scenario': 'stopped-early',
};

/** The verdict that goes with an exit code. */
export function verdictOf(exit: ExitName, { failed, measured }: Counted): Verdict {
  if (exit === 'interrupted' && failed === 0) return measured ? 'stopped-early' : 'nothing-measured';
  return VERDICTS[exit] ?? 'failed';
}

/** This master ends and leaves the run to another one. */
export function leftToNextMaster(runId: string): DrumlineError {
  return new DrumlineError(
    'handed-over',
    `This master was told to end (SIGTERM) and left run ${runId} to the next one; its workers go on.`,
    'The same command with the same --data-dir resumes it, and so does `drumline master --resume`.',
  );
}

/** The message for people when the store fails. @param elapsedMs of the run, once it has begun */
export function storeLost(why: string, elapsedMs: number | undefined): string {
  const since = elapsedMs === undefined ? '' : ` from ${formatDuration(elapsedMs)} on`;
  return `The run is not stored any more: ${why} What is counted${since} is lost if this master dies before the end.`;
}
