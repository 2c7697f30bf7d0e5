import type { Millis } from '../units.js';

/** A stage of a rate profile, in which the rate changes linearly to `toPerSecond`. */
export interface RateStage {
  /** `null` lasts until the run is stopped, in the last stage only. 0 changes the rate at once. */
  readonly durationMs: Millis | null;
  readonly toPerSecond: number;
}

/** Starts per second over time: a piecewise linear function that begins at `fromPerSecond`. */
export interface RateProfile {
  readonly fromPerSecond: number;
  readonly stages: readonly RateStage[];
}

/** The rate at a time, per second; 0 before the start and after the end. */
export function rateAt({ fromPerSecond, stages }: RateProfile, atMs: Millis): number {
  if (atMs < 0) return 0;
  let [from, startMs] = [fromPerSecond, 0];
  for (const { durationMs, toPerSecond } of stages) {
    if (durationMs === null) return toPerSecond;
    if (atMs < startMs + durationMs) return from + ((toPerSecond - from) * (atMs - startMs)) / durationMs;
    startMs += durationMs;
    from = toPerSecond;
  }
  return 0;
}

/** The highest rate of the profile, per second. */
export function peakRate({ fromPerSecond, stages }: RateProfile): number {
  return stages.reduce((peak, { toPerSecond }) => Math.max(peak, toPerSecond), fromPerSecond);
}

/** The profile, ending at `endMs`. A longer one is cut. A shorter one holds its last rate. */
export function limitRateTime({ fromPerSecond, stages }: RateProfile, endMs: Millis): RateProfile {
  const kept: RateStage[] = [];
  let [from, startMs] = [fromPerSecond, 0];
  for (const stage of stages) {
    const leftMs = endMs - startMs;
    if (stage.durationMs === null) {
      if (stage.toPerSecond !== from) kept.push({ durationMs: 0, toPerSecond: stage.toPerSecond });
      return { fromPerSecond, stages: [...kept, { durationMs: leftMs, toPerSecond: stage.toPerSecond }] };
    }
    if (stage.durationMs > leftMs) {
      const reached = from + ((stage.toPerSecond - from) * leftMs) / stage.durationMs;
      return { fromPerSecond, stages: [...kept, { durationMs: leftMs, toPerSecond: reached }] };
    }
    kept.push(stage);
    startMs += stage.durationMs;
    from = stage.toPerSecond;
  }
  if (startMs < endMs) kept.push({ durationMs: endMs - startMs, toPerSecond: from });
  return { fromPerSecond, stages: kept };
}

/**
 * The profile after a change at `atMs`: a change to `toPerSecond`, then a hold until the previous
 * end. Its past is unchanged.
 * @param overMs duration of the change; 0 for a jump
 */
export function changeRate(
  profile: RateProfile,
  atMs: Millis,
  toPerSecond: number,
  overMs: Millis = 0,
): RateProfile {
  const past = limitRateTime(profile, atMs);
  const stages = [...past.stages, { durationMs: overMs, toPerSecond }, { durationMs: null, toPerSecond }];
  const changed = { fromPerSecond: past.fromPerSecond, stages };
  const endMs = stagesDurationMs(profile.stages);
  return endMs === null ? changed : limitRateTime(changed, endMs);
}

/** The sum of the durations; `null` if the last stage has no end. */
export function stagesDurationMs(stages: readonly { readonly durationMs: Millis | null }[]): Millis | null {
  let sum = 0;
  for (const { durationMs } of stages) {
    if (durationMs === null) return null;
    sum += durationMs;
  }
  return sum;
}
