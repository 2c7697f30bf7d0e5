import { parseDuration, type Millis, type UsersWorkload } from '@drumline/model';
import { stageMethods, type Curve, type LoadRamp, type StagedLoad } from './stages.js';

/** A number of users over time, as `ramp` and `startWith` return it. Users repeat their tasks. */
export interface UserLoad extends StagedLoad<number> {
  readonly kind: 'load';
  /** The load as data. */
  readonly workload: UsersWorkload;
  /** Delay of its start. */
  readonly afterMs: Millis;
}

/**
 * Starts with no users and changes their number linearly to `to`.
 *
 * @example
 * ```ts
 * load: ramp({ to: 500, over: '2m' }).hold('10m').ramp({ to: 0, over: '30s' })
 * ```
 * @throws RangeError if the duration is invalid
 * @throws TypeError if an option is unknown
 */
export function ramp(stage: LoadRamp): UserLoad {
  return userLoad({ from: 0, stages: [] }, 0).ramp(stage);
}

/**
 * Starts with this many users at once.
 *
 * @example
 * ```ts
 * load: startWith(50).hold('5m')
 * ```
 */
export function startWith(users: number): UserLoad {
  return userLoad({ from: users, stages: [{ durationMs: 0, to: users }] }, 0);
}

function userLoad(curve: Curve, afterMs: Millis): UserLoad {
  const stages = curve.stages.map(({ durationMs, to }) => ({ durationMs, toUsers: to }));
  return {
    kind: 'load',
    workload: { kind: 'users', profile: { fromUsers: curve.from, stages } },
    afterMs,
    ...stageMethods<number, UserLoad>(
      curve,
      (users) => users,
      (users) => Math.round(users),
      (longer) => userLoad(longer, afterMs),
    ),
    after: (delay) => userLoad(curve, parseDuration(delay)),
  } as UserLoad;
}
