import { parseDuration, type Duration, type LoadProfile, type LoadStage } from '@drumline/model';

/** How many users there are over time, written as one sentence: `ramp({ to: 500, over: '2m' }).hold('10m')`. */
export interface Load {
  readonly kind: 'load';
  readonly profile: LoadProfile;
  /** Moves to `to` users in a straight line. */
  ramp(stage: { to: number; over: Duration }): Load;
  /** Keeps the number of users; without a duration until the run is stopped. */
  hold(duration?: Duration): Load;
}

/** Starts with no users and moves to `to` in a straight line. */
export function ramp(stage: { to: number; over: Duration }): Load {
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
    ramp: ({ to, over }) => extend({ durationMs: parseDuration(over), toUsers: to }),
    hold: (duration) =>
      extend({
        durationMs: duration === undefined ? null : parseDuration(duration),
        toUsers: profile.stages.at(-1)?.toUsers ?? profile.fromUsers,
      }),
  };
}
