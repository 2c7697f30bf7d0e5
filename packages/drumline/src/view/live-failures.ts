import { formatCount } from './format.js';
import type { LiveModel } from './model.js';
import type { Colors } from './options.js';
import { describeError, describeException } from './summary-parts.js';
import { padStart, wrapAtMost } from './text.js';

/** Limits of a failure's text. `drumline stats` and the report show it in full. */
const MAX_LINES_PER_FAILURE = 4;
const MAX_LINES_OF_NEWEST = 8;

interface Failure {
  readonly count: number;
  readonly text: string;
  readonly lastSeenAt: string;
}

/** Failed requests and exceptions: the newest first, then the most frequent. */
export function failureLines(model: LiveModel, colors: Colors, width: number, maxLines: number): string[] {
  const failures = failuresOf(model);
  if (failures.length === 0) return [];
  const counts = failures.map(({ count }) => formatCount(count));
  const room = Math.max(...counts.map(({ length }) => length));
  const lines = [colors.bold('Failures')];
  let left = failures.length;
  for (const [index, failure] of failures.entries()) {
    const age = index === 0 ? ` (newest, ${agoOf(failure, model)})` : '';
    const limit = index === 0 ? MAX_LINES_OF_NEWEST : MAX_LINES_PER_FAILURE;
    // Leaves room for the line with the number of further failures.
    const free = maxLines - lines.length - (left > 1 ? 1 : 0);
    if (index > 0 && free < 1) break;
    const wrapped = wrapAtMost(
      `${failure.text}${age}`,
      width - room - 3,
      index === 0 ? limit : Math.min(limit, free),
    );
    const count = colors.red(`${padStart(counts[index]!, room)} ×`);
    lines.push(
      ...wrapped.map((line, i) => (i === 0 ? `${count} ${line}` : `${' '.repeat(room + 3)}${line}`)),
    );
    left -= 1;
  }
  return left === 0 ? lines : [...lines, colors.dim(`+${left} more, see drumline stats`)];
}

function failuresOf({ errors, exceptions }: LiveModel): Failure[] {
  const all: Failure[] = [
    ...errors.map((error) => ({
      count: error.occurrences,
      text: describeError(error),
      lastSeenAt: error.lastSeenAt,
    })),
    ...exceptions.map((exception) => ({
      count: exception.occurrences,
      text: `exception in ${describeException(exception)}`,
      lastSeenAt: exception.lastSeenAt,
    })),
  ];
  const [newest] = all.toSorted((a, b) => (a.lastSeenAt < b.lastSeenAt ? 1 : -1));
  const others = all.filter((failure) => failure !== newest).toSorted((a, b) => b.count - a.count);
  return newest === undefined ? [] : [newest, ...others];
}

/** Relative to the newest second of the run, because the clocks of machines differ. */
function agoOf({ lastSeenAt }: Failure, { current }: LiveModel): string {
  const seconds = Math.round((Date.parse(current.at) + 1_000 - Date.parse(lastSeenAt)) / 1_000);
  if (!(seconds > 0)) return 'now';
  return seconds < 120 ? `${seconds}s ago` : `${Math.round(seconds / 60)}min ago`;
}
