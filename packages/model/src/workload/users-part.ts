import { rampAndHold, type LoadProfile } from '../load.js';
import { stageAt, type CurrentStage } from '../load-stage.js';
import type { Millis } from '../units.js';
import { partTimeMs, type Load, type LoadPart, type UsersWorkload } from './workload.js';

type UsersPart = LoadPart & { readonly workload: UsersWorkload };

function isUsersPart(part: LoadPart): part is UsersPart {
  return part.workload.kind === 'users';
}

/** The profile of the first closed part; that of no users if there is none. */
export function profileOf({ parts }: Load): LoadProfile {
  return parts.find(isUsersPart)?.workload.profile ?? rampAndHold(0);
}

/** The stage of the first closed part at a time of the run; undefined before and after it. */
export function stageOfLoad({ parts }: Load, runMs: Millis): CurrentStage | undefined {
  const part = parts.find(isUsersPart);
  return part && stageAt(part.workload.profile, partTimeMs(part, runMs));
}
