import type { Millis } from './units.js';

/** A stage of a load profile, in which the number of users changes linearly to `toUsers`. */
export interface LoadStage {
  /** `null` lasts until the run is stopped, in the last stage only. 0 changes the users at once. */
  readonly durationMs: Millis | null;
  readonly toUsers: number;
}

/** The number of users over time: a piecewise linear function that starts at `fromUsers`. */
export interface LoadProfile {
  readonly fromUsers: number;
  readonly stages: readonly LoadStage[];
}

/** The whole number of users at a time of the run; 0 before its start and after its end. */
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

/** The most users in a time of the run, which includes its ends. */
export function mostUsersBetween(profile: LoadProfile, fromMs: Millis, toMs: Millis): number {
  let most = Math.max(usersAt(profile, fromMs), usersAt(profile, toMs));
  let endMs = 0;
  for (const { durationMs, toUsers } of profile.stages) {
    if (durationMs === null) break;
    endMs += durationMs;
    // A stage reaches its users at its end.
    if (fromMs <= endMs && endMs <= toMs) most = Math.max(most, toUsers);
  }
  return most;
}

/** The number of whole steps that a ramp has taken, tolerant of rounding errors in the time. */
function stepsAfter(passedMs: Millis, durationMs: Millis, steps: number): number {
  return Math.min(steps, Math.floor((passedMs * steps) / durationMs + 1e-6));
}

/**
 * The next time at which the result of `usersAt` may change.
 * @returns milliseconds since the start of the run, later than `atMs`; `null` if nothing changes
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
      // If steps are closer together than doubles can distinguish, the ramp is a single change.
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

/** The largest number of users in the profile. */
export function peakUsers(profile: LoadProfile): number {
  return profile.stages.reduce((peak, stage) => Math.max(peak, stage.toUsers), profile.fromUsers);
}

/** The profile of `--users` and `--spawn-rate`: a ramp, then a hold until the run is stopped. */
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

/**
 * The profile, ending at `runTimeMs`. A longer profile is cut. A shorter one holds its last number
 * of users until then.
 */
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

/** The first part of a ramp, up to its last whole step, followed by a hold. */
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
 * The profile after a change at `atMs`: a move to `toUsers`, then a hold until the previous end.
 * Its past is unchanged.
 */
export function changeUsers(
  profile: LoadProfile,
  atMs: Millis,
  toUsers: number,
  spawnRatePerSecond?: number,
): LoadProfile {
  const now = usersAt(profile, atMs);
  const endMs = profileDurationMs(profile);
  const past = limitRunTime(profile, atMs);
  const onwards = rampAndHold(toUsers, spawnRatePerSecond, now);
  const stages = [...past.stages, { durationMs: 0, toUsers: now }, ...onwards.stages];
  const changed: LoadProfile = { fromUsers: past.fromUsers, stages };
  return endMs === null ? changed : limitRunTime(changed, endMs);
}
