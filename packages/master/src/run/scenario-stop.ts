import { clip, formatDuration, type Millis } from '@drumline/model';
import type { StopRun } from '@drumline/wire';
import { laneName, type WorkerRecord } from '../cluster/registry.js';
import type { Ending } from './ending.js';

/** Maximum length of a reason, characters. */
const MAX_REASON = 500;

/** The parts of a run that are needed to stop it. */
interface StoppableRun {
  readonly clock: { readonly elapsedMs: Millis } | undefined;
  stop(ending: Ending, message?: string): void;
}

/**
 * Stops the run on the order of the scenario code. Many users may order it; the first order counts.
 */
export function stopByScenario(
  run: StoppableRun,
  worker: WorkerRecord,
  { lane, user, task, reason }: StopRun,
): void {
  const at = formatDuration(run.clock?.elapsedMs ?? 0);
  const where = `${task} of user type '${user}' on lane ${laneName(worker, lane)}`;
  run.stop(
    'scenario',
    `The scenario stopped the run at ${at}: ${clip(reason, MAX_REASON)} (run.stop in ${where}).`,
  );
}
