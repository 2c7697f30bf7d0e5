import { describeMargin, formatThresholdValue, isLowerBound, marginOf, operatorOf } from '@drumline/model';
import type { RunEventView } from '@drumline/wire';

export type ThresholdEvent = Extract<RunEventView, { type: 'threshold' }>;

/** `Threshold POST /orders: p95 < 200ms is broken: 412ms, 106% above.` */
export function thresholdSentence({
  of,
  expression,
  state,
  unit,
  observed,
  limit,
}: Omit<ThresholdEvent, 'type' | 'at'>): string {
  const name = of === '' ? expression : `${of}: ${expression}`;
  const what = `Threshold ${name} ${state === 'broken' ? 'is broken' : 'has recovered'}`;
  if (observed === null) return `${what}.`;
  const figure = formatThresholdValue(observed, unit);
  const operator = operatorOf(expression);
  const margin = marginOf({ operator, limit }, observed);
  const by = margin === undefined ? '' : `, ${describeMargin(margin, isLowerBound({ operator }))}`;
  return `${what}: ${figure}${by}.`;
}
