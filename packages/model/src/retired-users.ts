/** Names of the counters for users that stopped early. Lanes count them; the master reads them. */
export const RETIRED_USERS = {
  /** Users whose `onStart` failed. */
  notStarted: 'users that did not start',
  /** Users that the scenario's code stopped. */
  stopped: 'users that stopped themselves',
} as const;

export type Retirement = keyof typeof RETIRED_USERS;
