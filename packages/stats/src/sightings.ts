import type { ErrorDelta, ExceptionDelta, Sightings } from './delta.js';

/** Adds sightings of a thing to those of its equals, under `id`. The map holds objects of its own. */
function addSightings<T extends Sightings>(map: Map<string, T>, id: string, seen: T): void {
  const known = map.get(id);
  if (known === undefined) {
    map.set(id, { ...seen });
    return;
  }
  known.occurrences += seen.occurrences;
  known.firstSeenAtMs = Math.min(known.firstSeenAtMs, seen.firstSeenAtMs);
  known.lastSeenAtMs = Math.max(known.lastSeenAtMs, seen.lastSeenAtMs);
}

export function addError(errors: Map<string, ErrorDelta>, seen: ErrorDelta): void {
  addSightings(errors, seen.error, seen);
}

export function addException(exceptions: Map<string, ExceptionDelta>, seen: ExceptionDelta): void {
  addSightings(exceptions, JSON.stringify([seen.user, seen.task, seen.message, seen.stack]), seen);
}

/** One sighting. */
export function once(atMs: number): Sightings {
  return { occurrences: 1, firstSeenAtMs: atMs, lastSeenAtMs: atMs };
}
