import { changeUsers, rampAndHold, type LoadProfile } from '../load.js';
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

/** The load after a change of the first closed part, see `changeUsers`. */
export function changeUsersOf({ parts }: Load, runMs: Millis, toUsers: number, perSecond?: number): Load {
  const first = parts.find(isUsersPart);
  return {
    parts: parts.map((part) => {
      if (part !== first) return part;
      const partMs = Math.max(0, partTimeMs(part, runMs));
      const profile = changeUsers(first.workload.profile, partMs, toUsers, perSecond);
      return { ...part, workload: { kind: 'users', profile } };
    }),
  };
}
