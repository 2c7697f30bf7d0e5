import type { TotalsResult } from '@drumline/wire';
import { formatCount } from './format.js';
import { oneLine } from './text.js';

/** The most statuses shown; the report has all of them. */
const MOST = 8;

/** `status 200: 1,234 · 503: 2`; undefined if all responses have the same status. */
export function statusFacts({ statuses = {} }: TotalsResult): string | undefined {
  const counted = Object.entries(statuses);
  if (counted.length < 2) return undefined;
  const most = counted.toSorted(([, a], [, b]) => b - a).slice(0, MOST);
  const shown = counted.filter((one) => most.includes(one));
  const texts = shown.map(([status, requests]) => `${oneLine(status)}: ${formatCount(requests)}`);
  const more = counted.length - shown.length;
  return `status ${[...texts, ...(more > 0 ? [`+${more} more`] : [])].join(' · ')}`;
}
