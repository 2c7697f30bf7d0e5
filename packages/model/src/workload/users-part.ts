import { rampAndHold, type LoadProfile } from '../load.js';
import type { Load, LoadPart, UsersWorkload } from './workload.js';

type UsersPart = LoadPart & { readonly workload: UsersWorkload };

function isUsersPart(part: LoadPart): part is UsersPart {
  return part.workload.kind === 'users';
}

/** The profile of the first closed part; that of no users if there is none. */
export function profileOf({ parts }: Load): LoadProfile {
  return parts.find(isUsersPart)?.workload.profile ?? rampAndHold(0);
}
