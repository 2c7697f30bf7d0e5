/**
 * Names of the counters of users that ended before the load wanted them to: lanes count, the master
 * reads.
 */
export const RETIRED_USERS = {
  /** Their `onStart` failed. */
  notStarted: 'users that did not start',
  /** The scenario's code wished it. */
  stopped: 'users that stopped themselves',
} as const;

export type Retirement = keyof typeof RETIRED_USERS;
