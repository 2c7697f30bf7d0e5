import type { RunResult } from '@drumline/wire';
import { formatCount } from './format.js';
import { cutEnd, oneLine } from './text.js';

/** The most lines. The result has all values. */
const MAX_LINES = 20;

/** A line for each counter, queue and map that the scenario shared. */
export function sharedLines({ shared }: Pick<RunResult, 'shared'>, width: number): string[] {
  if (!shared) return [];
  const of = (values: Record<string, number>, what: (count: number) => string): string[] =>
    Object.entries(values).map(([name, count]) => cutEnd(`${oneLine(name)}: ${what(count)}`, width));
  const lines = [
    ...of(shared.counters, formatCount),
    ...of(shared.queues, (count) => `${formatCount(count)} left in the queue`),
    ...of(shared.maps, (count) => `${formatCount(count)} in the map`),
  ];
  const more = lines.length - MAX_LINES;
  return more > 0 ? [...lines.slice(0, MAX_LINES), `and ${formatCount(more)} more`] : lines;
}
