import type { ErrorDelta, ExceptionDelta, Sightings } from './delta.js';
import { kindOfMessage } from './grouping.js';
import { clipExample, MAX_ERRORS, MAX_EXCEPTIONS, OTHER } from './limits.js';

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

/**
 * Errors of one kind, see `kindOfMessage`, count together: under their message as long as it is the
 * same, and then under their kind with one of the messages as an example. Beyond a limit, further
 * errors count as one.
 */
export function addError(errors: Map<string, ErrorDelta>, seen: ErrorDelta): void {
  const kind = kindOfMessage(seen.error);
  if (!hasRoom(errors, kind, MAX_ERRORS)) {
    const { example: _, ...rest } = seen;
    return addSightings(errors, OTHER, { ...rest, error: OTHER });
  }
  addSightings(errors, kind, seen);
  const known = errors.get(kind)!;
  if (known.error !== seen.error) {
    known.example = least(exampleOf(known), exampleOf(seen));
    known.error = kind;
    return;
  }
  // The same one whatever the order in which they come, so that sums of reports are equal.
  if (seen.example !== undefined && !(known.example! <= seen.example)) known.example = seen.example;
}

function exampleOf({ error, example }: ErrorDelta): string {
  return example ?? clipExample(error);
}

function least(a: string, b: string): string {
  return a <= b ? a : b;
}

/**
 * Exceptions of one kind, from the same place, count together as errors do; the stack has one of
 * their messages.
 */
export function addException(exceptions: Map<string, ExceptionDelta>, seen: ExceptionDelta): void {
  const id = exceptionId(seen);
  if (hasRoom(exceptions, id, MAX_EXCEPTIONS)) {
    addSightings(exceptions, id, seen);
    const known = exceptions.get(id)!;
    if (known.message !== seen.message) known.message = kindOfMessage(seen.message);
    known.stack = least(known.stack, seen.stack);
    return;
  }
  const other = { ...seen, user: '', task: '', message: OTHER, stack: '' };
  addSightings(exceptions, exceptionId(other), other);
}

/** The stack repeats the message, which is a line that is none of its frames. */
function exceptionId({ user, task, message, stack }: ExceptionDelta): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return JSON.stringify([user, task, kindOfMessage(message), frames]);
}

function hasRoom(map: ReadonlyMap<string, unknown>, id: string, limit: number): boolean {
  return map.size < limit || map.has(id);
}

/** One sighting. */
export function once(atMs: number): Sightings {
  return { occurrences: 1, firstSeenAtMs: atMs, lastSeenAtMs: atMs };
}
