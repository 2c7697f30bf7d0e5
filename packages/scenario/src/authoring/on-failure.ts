/**
 * What follows when a task throws. `continue`: the next task, as if nothing had happened.
 * `end-iteration`: the rest of the iteration is left out, and the user goes on with the next one.
 * `stop-user`: the user stops for good, and the report says so.
 */
export type OnFailure = 'continue' | 'end-iteration' | 'stop-user';

export const ON_FAILURE: readonly OnFailure[] = ['continue', 'end-iteration', 'stop-user'];

/** For `onStart` and the tasks apart. */
export interface UserOnFailure {
  /**
   * `continue`: on to the tasks. `end-iteration`: tried again until it goes well, after 1 s, 2 s, 4
   * s … 30 s. `stop-user`: the user stops. Default: tried five times, then the user stops.
   */
  readonly onStart?: OnFailure;
  /** Of all tasks and groups that have none of their own. */
  readonly tasks?: OnFailure;
}
