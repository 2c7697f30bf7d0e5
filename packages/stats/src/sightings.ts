import type { ErrorDelta, ExceptionDelta, Sightings } from './delta.js';
import { MAX_ERRORS, MAX_EXCEPTIONS, OTHER } from './limits.js';

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

/** Beyond a limit, further errors count as one. */
export function addError(errors: Map<string, ErrorDelta>, seen: ErrorDelta): void {
  if (!hasRoom(errors, seen.error, MAX_ERRORS)) {
    const { example: _, ...rest } = seen;
    return addSightings(errors, OTHER, { ...rest, error: OTHER });
  }
  addSightings(errors, seen.error, seen);
  const known = errors.get(seen.error)!;
  // The same one whatever the order in which they come, so that sums of reports are equal.
  if (seen.example !== undefined && !(known.example! <= seen.example)) known.example = seen.example;
}

/** Beyond a limit, further exceptions count as one. */
export function addException(exceptions: Map<string, ExceptionDelta>, seen: ExceptionDelta): void {
  const id = exceptionId(seen);
  if (hasRoom(exceptions, id, MAX_EXCEPTIONS)) return addSightings(exceptions, id, seen);
  const other = { ...seen, user: '', task: '', message: OTHER, stack: '' };
  addSightings(exceptions, exceptionId(other), other);
}

function exceptionId({ user, task, message, stack }: ExceptionDelta): string {
  return JSON.stringify([user, task, message, stack]);
}

function hasRoom(map: ReadonlyMap<string, unknown>, id: string, limit: number): boolean {
  return map.size < limit || map.has(id);
}

/** One sighting. */
export function once(atMs: number): Sightings {
  return { occurrences: 1, firstSeenAtMs: atMs, lastSeenAtMs: atMs };
}
