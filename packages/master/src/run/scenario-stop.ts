import { clip, formatDuration, type Millis } from '@drumline/model';
import type { StopRun } from '@drumline/wire';
import { laneName, type WorkerRecord } from '../cluster/registry.js';
import type { Ending } from './ending.js';

/** More of a reason than anyone reads is cut off, characters. */
const MAX_REASON = 500;

/** What of a run the scenario's wish bears on. */
interface StoppableRun {
  readonly clock: { readonly elapsedMs: Millis } | undefined;
  stop(ending: Ending, message?: string): void;
}

/** Stops the run, as the scenario's code asked for it. Many users may ask, and again and again: the first one counts. */
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
