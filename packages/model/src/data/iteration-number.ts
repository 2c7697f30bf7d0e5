/** The first iteration number that is never reached by users that stay where they started. */
const RANGE = 2 ** 34;
/** Ranges that fit in an exact double. */
const RANGES = 2 ** 19;

/**
 * The number of an iteration in a closed loop, unique over all workers without coordination: users
 * take turns. The first iterations of 3 users are 0, 1 and 2; their second ones are 3, 4 and 5.
 * @param user its index over all workers
 * @param count iterations of this user before this one
 * @param users the most users that the plan asks for; indexes beyond it have ranges of their own
 * @param moves a number that no other lane used for this user; 0 while it stays on its first lane
 */
export function closedIterationNumber(user: number, count: number, users: number, moves = 0): number {
  const stride = Math.max(1, users);
  const group = Math.floor(user / stride);
  const range = group === 0 && moves === 0 ? 0 : 1 + ((group * 1_021 + moves) % (RANGES - 1));
  return range * RANGE + ((count * stride + (user % stride)) % RANGE);
}
