import type { LoadProfile } from './load.js';
import type { Millis } from './units.js';

/** The current stage of a load profile. Stages without duration are not counted. */
export interface CurrentStage {
  /** From 1. */
  readonly number: number;
  readonly stages: number;
  readonly fromUsers: number;
  readonly toUsers: number;
  readonly elapsedMs: Millis;
  /** `null` if it lasts until the run is stopped. */
  readonly durationMs: Millis | null;
}

/** The stage at a time of the run; undefined before the start and after the end. */
export function stageAt({ fromUsers, stages }: LoadProfile, runMs: Millis): CurrentStage | undefined {
  if (runMs < 0) return undefined;
  const lasting = stages.filter(({ durationMs }) => durationMs !== 0).length;
  let [from, startMs, number] = [fromUsers, 0, 0];
  for (const { durationMs, toUsers } of stages) {
    if (durationMs !== 0) number += 1;
    if (durationMs === null || runMs < startMs + durationMs) {
      // An unlimited stage starts with a jump to its number of users.
      const fromHere = durationMs === null ? toUsers : from;
      return {
        number,
        stages: lasting,
        fromUsers: fromHere,
        toUsers,
        elapsedMs: runMs - startMs,
        durationMs,
      };
    }
    startMs += durationMs;
    from = toUsers;
  }
  return undefined;
}
