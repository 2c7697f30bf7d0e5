import { formatCount } from '../format-count.js';
import type { Threshold, ThresholdSubject, ThresholdUnit } from './threshold.js';

/** What a threshold is about, as text; empty for the whole run. */
export function describeSubject(subject: ThresholdSubject): string {
  const tags = (subject.tags ?? []).map(([name, value]) =>
    name === 'phase' ? `phase ${value}` : `${name}=${value}`,
  );
  if (subject.kind !== 'requests') return [`${subject.kind} ${subject.name}`, ...tags].join(', ');
  const { request, protocol, method, name, user } = subject;
  const key = [method, name].filter((part) => part !== undefined && part !== '').join(' ');
  return [
    ...(request === undefined ? [] : [request]),
    ...(key === '' ? [] : [key]),
    ...(protocol === undefined ? [] : [`protocol ${protocol}`]),
    ...(user === undefined ? [] : [`user ${user}`]),
    ...tags,
  ].join(', ');
}

/** A threshold with what it is about: `POST /orders: p95 < 200ms`. */
export function thresholdName({ subject, expression }: Pick<Threshold, 'subject' | 'expression'>): string {
  const of = describeSubject(subject);
  return of === '' ? expression : `${of}: ${expression}`;
}

/** An observed figure or a limit with its unit: `287ms`, `1.2s`, `0.04%`, `953/s`, `12`. */
export function formatThresholdValue(value: number, unit: ThresholdUnit): string {
  switch (unit) {
    case 'ms':
      return formatTime(value);
    case 'share':
      return `${significant(value * 100)}%`;
    case 'per-second':
      return `${significant(value)}/s`;
    case 'count':
    case 'value':
      return Number.isInteger(value) && Math.abs(value) >= 10_000 ? formatCount(value) : significant(value);
  }
}

function formatTime(ms: number): string {
  if (ms === 0) return '0ms';
  if (ms < 1) return `${significant(ms * 1_000)}us`;
  return ms < 10_000 ? `${significant(ms)}ms` : `${significant(ms / 1_000)}s`;
}

/** Four significant digits, or all digits before the point. */
function significant(value: number): string {
  if (Math.abs(value) >= 1_000) return String(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

/**
 * How far a figure is from its limit: `4% below`, `12% above`. Only 0 is `100% below`.
 * @param isLowerBound larger is better @param sign after a number of percent
 */
export function describeMargin(margin: number, isLowerBound: boolean, sign = '%'): string {
  const percent = Math.abs(margin) * 100;
  if (percent === 0) return 'at the limit';
  const isAbove = isLowerBound === margin > 0;
  if (isAbove && percent >= 1_000) return `${Math.round(1 + percent / 100)} times the limit`;
  return `${percentText(percent, isAbove)}${sign} ${isAbove ? 'above' : 'below'}`;
}

function percentText(percent: number, isAbove: boolean): string {
  if (percent < 0.1) return '<0.1';
  if (!isAbove && percent > 99.9 && percent < 100) return '>99.9';
  const isNearAll = !isAbove && percent >= 99.5 && percent < 100;
  return percent < 10 || isNearAll ? String(Number(percent.toFixed(1))) : percent.toFixed(0);
}
