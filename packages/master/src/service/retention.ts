import type { Millis } from '@drumline/model';
import type { RegisteredRun } from './run-register.js';

/** Which ended runs a service keeps. Runs that have not ended are always kept. */
export interface Retention {
  /** At most this many. */
  readonly count?: number | undefined;
  /** Only those that ended within this time. */
  readonly ageMs?: Millis | undefined;
}

/** The ended runs that are not kept any longer, the oldest first. */
export function expired(
  runs: readonly RegisteredRun[],
  { count = Infinity, ageMs = Infinity }: Retention,
  nowMs: Millis,
): RegisteredRun[] {
  const endedAtMs = ({ end }: RegisteredRun): Millis => Date.parse(end!.endedAt);
  const ended = runs.filter(({ end }) => end !== undefined).sort((a, b) => endedAtMs(a) - endedAtMs(b));
  const tooMany = ended.length - count;
  return ended.filter((run, index) => index < tooMany || nowMs - endedAtMs(run) > ageMs);
}
