import { clip, formatDuration, type Millis } from '@drumline/model';
import type { StopRun } from '@drumline/wire';
import { laneName, type Participant } from '../allocation/participant.js';

/** Maximum length of a reason, characters. */
const MAX_REASON = 500;

/** Explains why the scenario code stopped the run. @param elapsedMs since the start of the run */
export function whyScenarioStopped(
  worker: Participant,
  { lane, user, task, reason }: StopRun,
  elapsedMs: Millis,
): string {
  const at = formatDuration(elapsedMs);
  const where = `${task} of user type '${user}' on lane ${laneName(worker, lane)}`;
  return `The scenario stopped the run at ${at}: ${clip(reason, MAX_REASON)} (run.stop in ${where}).`;
}
