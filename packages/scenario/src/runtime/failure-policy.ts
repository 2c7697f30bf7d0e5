import type { OnFailure, UserOnFailure } from '../authoring/on-failure.js';

/** A user type's settings for failures. */
interface FailureSpec {
  readonly onFailure?: OnFailure | UserOnFailure | undefined;
}

/** What follows when `onStart` throws; undefined for the default. */
export function startFailurePolicy({ onFailure }: FailureSpec): OnFailure | undefined {
  return typeof onFailure === 'object' ? onFailure.onStart : onFailure;
}

/** What follows when a task throws that says nothing itself; undefined for the default. */
export function taskFailurePolicy({ onFailure }: FailureSpec): OnFailure | undefined {
  return typeof onFailure === 'object' ? onFailure.tasks : onFailure;
}
