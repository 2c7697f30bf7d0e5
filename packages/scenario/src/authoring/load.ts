import {
  parseDuration,
  requireKnownKeys,
  type Duration,
  type LoadProfile,
  type LoadStage,
} from '@drumline/model';
import { RAMP_KEYS } from './option-keys.js';

/** A stage of a load in which the number of users changes. */
export interface LoadRamp {
  readonly to: number;
  readonly over: Duration;
}

/** How many users there are over time, written as one sentence: `ramp({ to: 500, over: '2m' }).hold('10m')`. */
export interface Load {
  readonly kind: 'load';
  readonly profile: LoadProfile;
  /** Moves to `to` users in a straight line. */
  ramp(stage: LoadRamp): Load;
  /** Keeps the number of users; without a duration until the run is stopped. */
  hold(duration?: Duration): Load;
}

/** Starts with no users and moves to `to` in a straight line. */
export function ramp(stage: LoadRamp): Load {
  return load({ fromUsers: 0, stages: [] }).ramp(stage);
}

/** Starts with this many users at once: `startWith(50).hold('5m')`. */
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
