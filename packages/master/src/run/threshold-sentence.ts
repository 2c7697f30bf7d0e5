import { describeMargin, formatThresholdValue } from '@drumline/model';
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
  // An exact limit has no margin, and the one of 0 no share.
  if (limit === 0 || expression.includes('==')) return `${what}: ${figure}.`;
  const isLowerBound = expression.includes('>');
  const room = (isLowerBound ? observed - limit : limit - observed) / Math.abs(limit);
  return `${what}: ${figure}, ${describeMargin(room, isLowerBound)}.`;
}
