import type { LoadProfile } from './load.js';
import type { Millis } from './units.js';

/**
 * The stage of a load profile that is under way. Jumps, which take no time, are not stages of their
 * own.
 */
export interface CurrentStage {
  /** From 1. */
  readonly number: number;
  readonly stages: number;
  readonly fromUsers: number;
  readonly toUsers: number;
  readonly elapsedMs: Millis;
  /** `null` until the run is stopped. */
  readonly durationMs: Millis | null;
}

/** Where in its load profile a run is; undefined before the start and after the end. */
export function stageAt({ fromUsers, stages }: LoadProfile, runMs: Millis): CurrentStage | undefined {
  if (runMs < 0) return undefined;
  const lasting = stages.filter(({ durationMs }) => durationMs !== 0).length;
  let [from, startMs, number] = [fromUsers, 0, 0];
  for (const { durationMs, toUsers } of stages) {
    if (durationMs !== 0) number += 1;
    if (durationMs === null || runMs < startMs + durationMs) {
      // A stage that is held for ever begins with a jump to its users.
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
