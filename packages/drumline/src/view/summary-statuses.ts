import { describeStatuses } from '@drumline/model';
import type { TotalsResult } from '@drumline/wire';
import { oneLine } from './text.js';

/** `status 200: 1,234 · 503: 2`; undefined if all responses have the usual status. */
export function statusFacts({ statuses }: Pick<TotalsResult, 'statuses'>): string | undefined {
  const text = describeStatuses(statuses);
  return text === undefined ? undefined : `status ${oneLine(text)}`;
}
