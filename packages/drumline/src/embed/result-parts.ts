import type { RunResult } from '@drumline/client';
import type { FromRun } from './messages.js';

/**
 * Rows of one message. Reading such a message takes well under a millisecond, so that even the
 * result of a run of a day does not block the event loop that receives it.
 */
const ROWS = 100;

type Part = Extract<FromRun, { type: 'result' | 'rows' }>;

/** Divides a result into messages: first all but its long arrays, then their elements. */
export function* partsOf(result: RunResult): Generator<Part, void, undefined> {
  const long = Object.entries(result).filter(([, value]) => Array.isArray(value) && value.length > ROWS);
  const emptied = Object.fromEntries(long.map(([field]) => [field, []]));
  yield { type: 'result', result: { ...result, ...emptied } };
  for (const [field, value] of long as [string, unknown[]][])
    for (let at = 0; at < value.length; at += ROWS)
      yield { type: 'rows', field, rows: value.slice(at, at + ROWS) };
}

/** Puts a result together again. */
export class ResultParts {
  /** Complete once all parts were added. */
  result: RunResult | undefined;

  add(part: Part): void {
    if (part.type === 'result') this.result = part.result;
    else (this.result as unknown as Record<string, unknown[]>)[part.field]!.push(...part.rows);
  }
}
