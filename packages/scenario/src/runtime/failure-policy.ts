import type { OnFailure, UserOnFailure } from '../authoring/on-failure.js';

/** The failure policies of a user type. */
interface FailureSpec {
  readonly onFailure?: OnFailure | UserOnFailure | undefined;
}

/** The policy for errors in `onStart`; undefined for the default. */
export function startFailurePolicy({ onFailure }: FailureSpec): OnFailure | undefined {
  return typeof onFailure === 'object' ? onFailure.onStart : onFailure;
}

/** The policy for tasks without their own; undefined for the default. */
export function taskFailurePolicy({ onFailure }: FailureSpec): OnFailure | undefined {
  return typeof onFailure === 'object' ? onFailure.tasks : onFailure;
}
