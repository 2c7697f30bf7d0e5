import type { Millis } from './units.js';

/** One piece of a load profile: the number of users moves in a straight line to `toUsers`. */
export interface LoadStage {
  /** `null` lasts until the run is stopped; only the last stage may. 0 is a jump. */
  readonly durationMs: Millis | null;
  readonly toUsers: number;
}

/** How many users there are over time: a piecewise linear function of the run's time, from `fromUsers`. */
export interface LoadProfile {
  readonly fromUsers: number;
  readonly stages: readonly LoadStage[];
}

/** Users at a time of the run. Before 0 there are none; after the end, none. Ramps count whole users only. */
export function usersAt(profile: LoadProfile, atMs: Millis): number {
  if (atMs < 0) return 0;
  let from = profile.fromUsers;
  let startMs = 0;
  for (const { durationMs, toUsers } of profile.stages) {
    if (durationMs === null) return toUsers;
    if (atMs < startMs + durationMs) {
      return (
        from + Math.sign(toUsers - from) * stepsAfter(atMs - startMs, durationMs, Math.abs(toUsers - from))
      );
    }
    startMs += durationMs;
    from = toUsers;
  }
  return 0;
}

/** How many of a ramp's users have come or gone: whole ones, whatever the last digit of the time. */
function stepsAfter(passedMs: Millis, durationMs: Millis, steps: number): number {
  return Math.min(steps, Math.floor((passedMs * steps) / durationMs + 1e-6));
}

/**
 * The next time after `atMs` at which `usersAt` may differ, so that whoever follows the profile can sleep until then.
 * @returns milliseconds of the run's time, always later than `atMs`, or `null` if nothing changes any more
 */
export function nextChangeAt(profile: LoadProfile, atMs: Millis): Millis | null {
  if (atMs < 0) return 0;
  let from = profile.fromUsers;
  let startMs = 0;
  for (const { durationMs, toUsers } of profile.stages) {
    if (durationMs === null) return null;
    const endMs = startMs + durationMs;
    if (atMs < endMs) {
      const steps = Math.abs(toUsers - from);
      if (steps === 0) return endMs;
      const nextStep = stepsAfter(atMs - startMs, durationMs, steps) + 1;
      const nextMs = Math.min(endMs, startMs + (nextStep * durationMs) / steps);
      // Where users follow each other faster than the digits of the time tell apart, the whole ramp is one change.
      return nextMs > atMs ? nextMs : endMs;
    }
    startMs = endMs;
    from = toUsers;
  }
  return null;
}

/** @returns when the profile ends, or `null` if it lasts until the run is stopped */
export function profileDurationMs(profile: LoadProfile): Millis | null {
  let sum = 0;
  for (const { durationMs } of profile.stages) {
    if (durationMs === null) return null;
    sum += durationMs;
  }
  return sum;
}

/** The largest number of users the profile ever asks for. */
export function peakUsers(profile: LoadProfile): number {
  return profile.stages.reduce((peak, stage) => Math.max(peak, stage.toUsers), profile.fromUsers);
}

/** The profile of `-u users -r spawnRate`: a ramp at that rate, then a hold until the run is stopped. */
export function rampAndHold(toUsers: number, spawnRatePerSecond?: number, fromUsers = 0): LoadProfile {
  const rampMs = spawnRatePerSecond ? (Math.abs(toUsers - fromUsers) / spawnRatePerSecond) * 1_000 : 0;
  return {
    fromUsers,
    stages: [
      { durationMs: rampMs, toUsers },
      { durationMs: null, toUsers },
    ],
  };
}

/** The same profile made to end at `runTimeMs`: cut if it is longer, its last number of users held if it is shorter. */
export function limitRunTime(profile: LoadProfile, runTimeMs: Millis): LoadProfile {
  const stages: LoadStage[] = [];
  let from = profile.fromUsers;
  let startMs = 0;
  for (const stage of profile.stages) {
    const leftMs = runTimeMs - startMs;
    if (stage.durationMs === null) {
      if (stage.toUsers !== from) stages.push({ durationMs: 0, toUsers: stage.toUsers });
      stages.push({ durationMs: leftMs, toUsers: stage.toUsers });
      return { fromUsers: profile.fromUsers, stages };
    }
    if (stage.durationMs > leftMs) {
      return {
        fromUsers: profile.fromUsers,
        stages: [...stages, ...cutStage(from, stage.toUsers, stage.durationMs, leftMs)],
      };
    }
    stages.push(stage);
    startMs += stage.durationMs;
    from = stage.toUsers;
  }
  if (startMs < runTimeMs) stages.push({ durationMs: runTimeMs - startMs, toUsers: from });
  return { fromUsers: profile.fromUsers, stages };
}

/** The first part of a ramp: up to its last whole user at the ramp's own pace, then that number held. */
function cutStage(from: number, toUsers: number, durationMs: Millis, leftMs: Millis): LoadStage[] {
  const steps = Math.abs(toUsers - from);
  const taken = stepsAfter(leftMs, durationMs, steps);
  if (taken === 0) return [{ durationMs: leftMs, toUsers: from }];
  const reached = from + Math.sign(toUsers - from) * taken;
  const rampMs = Math.min(leftMs, (taken * durationMs) / steps);
  return [
    { durationMs: rampMs, toUsers: reached },
    { durationMs: leftMs - rampMs, toUsers: reached },
  ];
}

/**
 * The profile after a live change at `atMs`: what was up to then, then a move to `toUsers`, held to the old end.
 * The past is kept as a hold of the present number, so that `usersAt` of the past is not meaningful any more.
 */
export function changeUsers(
  profile: LoadProfile,
  atMs: Millis,
  toUsers: number,
  spawnRatePerSecond?: number,
): LoadProfile {
  const now = usersAt(profile, atMs);
  const endMs = profileDurationMs(profile);
  const past: LoadStage = { durationMs: atMs, toUsers: now };
  const onwards = rampAndHold(toUsers, spawnRatePerSecond, now);
  const changed: LoadProfile = { fromUsers: now, stages: [past, ...onwards.stages] };
  return endMs === null ? changed : limitRunTime(changed, endMs);
}
