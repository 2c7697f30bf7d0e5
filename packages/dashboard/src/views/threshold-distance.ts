import type { StatusView } from '@drumline/client';
import { isLowerBound, marginOf, operatorOf } from '@drumline/model';
import { formatMargin } from '../format.js';

type Threshold = NonNullable<StatusView['thresholds']>[number];

/** `4 % below the limit`; empty without a figure or a margin. */
export function distanceOf({
  expression,
  observed,
  limit,
}: Pick<Threshold, 'expression' | 'observed' | 'limit'>): string {
  const operator = operatorOf(expression);
  const margin = observed === null ? undefined : marginOf({ operator, limit }, observed);
  if (margin === undefined) return '';
  const text = formatMargin(margin, isLowerBound({ operator }));
  return /(?:above|below)$/.test(text) ? `${text} the limit` : text;
}
