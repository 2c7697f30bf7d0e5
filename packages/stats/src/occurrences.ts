import type { ErrorDelta, ExceptionDelta, Occurrences } from './delta.js';
import { kindOfMessage } from './grouping.js';
import { clipExample, hasRoom, MAX_ERRORS, MAX_EXCEPTIONS, OTHER } from './limits.js';

/** Adds occurrences to the entry `id`. The map never holds the objects of the caller. */
function addOccurrences<T extends Occurrences>(map: Map<string, T>, id: string, seen: T): void {
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
 * Adds an error. Errors of one kind are counted together, see `kindOfMessage`. Their text is their
 * message if it is always the same, otherwise their kind, with one message as an example. Errors
 * beyond the limit are counted as `(other)`.
 */
export function addError(errors: Map<string, ErrorDelta>, seen: ErrorDelta): void {
  const kind = kindOfMessage(seen.error);
  if (!errors.has(kind) && !hasRoom(errors, MAX_ERRORS)) {
    const { example: _, ...rest } = seen;
    return addOccurrences(errors, OTHER, { ...rest, error: OTHER });
  }
  addOccurrences(errors, kind, seen);
  const known = errors.get(kind)!;
  if (known.error !== seen.error) {
    known.example = least(exampleOf(known), exampleOf(seen));
    known.error = kind;
    return;
  }
  // The smallest example, so that the result does not depend on the order of reports.
  if (seen.example !== undefined && !(known.example! <= seen.example)) known.example = seen.example;
}

function exampleOf({ error, example }: ErrorDelta): string {
  return example ?? clipExample(error);
}

function least(a: string, b: string): string {
  return a <= b ? a : b;
}

/** Adds an exception. Exceptions of one kind from the same place are counted together. */
export function addException(exceptions: Map<string, ExceptionDelta>, seen: ExceptionDelta): void {
  const id = exceptionId(seen);
  if (exceptions.has(id) || hasRoom(exceptions, MAX_EXCEPTIONS, OTHER_EXCEPTION)) {
    addOccurrences(exceptions, id, seen);
    const known = exceptions.get(id)!;
    if (known.message !== seen.message) known.message = kindOfMessage(seen.message);
    known.stack = least(known.stack, seen.stack);
    return;
  }
  addOccurrences(exceptions, OTHER_EXCEPTION, { ...seen, user: '', task: '', message: OTHER, stack: '' });
}

/** Uses only the frames of the stack, because its first lines repeat the message. */
function exceptionId({
  user,
  task,
  message,
  stack,
}: Pick<ExceptionDelta, 'user' | 'task' | 'message' | 'stack'>): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return JSON.stringify([user, task, kindOfMessage(message), frames]);
}

/** A single occurrence. */
export function once(atMs: number): Occurrences {
  return { occurrences: 1, firstSeenAtMs: atMs, lastSeenAtMs: atMs };
}

/** The id of the entry for exceptions beyond the limit. */
const OTHER_EXCEPTION = exceptionId({ user: '', task: '', message: OTHER, stack: '' });
