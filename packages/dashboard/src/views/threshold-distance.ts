import type { StatusView } from '@drumline/client';
import { formatMargin } from '../format.js';

type Threshold = NonNullable<StatusView['thresholds']>[number];

/** `4 % below the limit`; empty without a figure, or if the limit is 0. */
export function distanceOf({
  expression,
  observed,
  limit,
}: Pick<Threshold, 'expression' | 'observed' | 'limit'>): string {
  if (observed === null || limit === 0) return '';
  const isLowerBound = expression.includes('>');
  const margin = isLowerBound ? observed / limit - 1 : 1 - observed / limit;
  const text = formatMargin(margin, isLowerBound);
  return /(?:above|below)$/.test(text) ? `${text} the limit` : text;
}
