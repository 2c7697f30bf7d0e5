import {
  optionKeys,
  parseDuration,
  requireKnownKeys,
  type Duration,
  type LoadProfile,
  type LoadStage,
} from '@drumline/model';

/** A stage in which the number of users changes linearly. */
export interface LoadRamp {
  /** Number of users at the end of the stage. */
  readonly to: number;
  /** Length of the stage. 0 changes the number at once. */
  readonly over: Duration;
}

const RAMP_KEYS = optionKeys<LoadRamp>({ to: true, over: true });

/** The number of users over time, as a chain of stages. Each method returns a new, longer load. */
export interface Load {
  readonly kind: 'load';
  /** The stages as data. */
  readonly profile: LoadProfile;
  /**
   * Adds a stage that changes the number of users linearly to `to`.
   *
   * @throws RangeError if the duration is invalid
   * @throws TypeError if an option is unknown
   */
  ramp(stage: LoadRamp): Load;
  /**
   * Adds a stage that keeps the number of users. Default: until the run is stopped.
   *
   * @throws RangeError if the duration is invalid
   */
  hold(duration?: Duration): Load;
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
export function ramp(stage: LoadRamp): Load {
  return load({ fromUsers: 0, stages: [] }).ramp(stage);
}

/**
 * Starts with this many users at once.
 *
 * @example
 * ```ts
 * load: startWith(50).hold('5m')
 * ```
 */
export function startWith(users: number): Load {
  return load({ fromUsers: users, stages: [{ durationMs: 0, toUsers: users }] });
}

function load(profile: LoadProfile): Load {
  const extend = (stage: LoadStage): Load => load({ ...profile, stages: [...profile.stages, stage] });
  return {
    kind: 'load',
    profile,
    ramp: (stage) => {
      requireKnownKeys(stage, RAMP_KEYS, 'ramp');
      return extend({ durationMs: parseDuration(stage.over), toUsers: stage.to });
    },
    hold: (duration) =>
      extend({
        durationMs: duration === undefined ? null : parseDuration(duration),
        toUsers: profile.stages.at(-1)?.toUsers ?? profile.fromUsers,
      }),
  };
}
