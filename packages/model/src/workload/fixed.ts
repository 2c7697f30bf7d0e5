import type { FixedWorkload } from './workload.js';

/**
 * The iterations of a fixed part belong to its users in turn: iteration `n` to user `n` modulo the
 * number of users. A lane runs the iterations of the users that are placed on it.
 */
export function iterationsOfUser({ total, users }: FixedWorkload, user: number): number {
  return Math.floor(total / users) + (user < total % users ? 1 : 0);
}

/** The number of the `k`-th iteration of a user, from 0. */
export function iterationNumber({ users }: FixedWorkload, user: number, k: number): number {
  return k * users + user;
}
