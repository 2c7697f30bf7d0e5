import { formatMs } from '@drumline/model';
import type { ComparedStatistic } from './comparison.js';

/** `rose by 18 % (12 % to 24 %), from 210 ms to 248 ms`. */
export function changeText(one: ComparedStatistic): string {
  const { name, before, after, change, low, high } = one;
  const verb = change === 0 ? 'did not change' : change > 0 ? 'rose' : 'fell';
  const by = change === 0 ? '' : ` by ${formatChange(name, change).replace(/^[+−]/, '')}`;
  const interval = Number.isFinite(low) ? ` (${formatChange(name, low)} to ${formatChange(name, high)})` : '';
  return `${verb}${by}${interval}, from ${formatValue(name, before)} to ${formatValue(name, after)}`;
}

/** `+18 %`, or percentage points for an error rate: `+0.5 points`. */
export function formatChange(name: string, change: number): string {
  if (!Number.isFinite(change)) return '–';
  const percent = change * 100;
  const size = Math.abs(percent);
  const digits = name === 'error rate' ? 2 : size < 10 ? 1 : 0;
  const text = `${size.toFixed(digits)} ${name === 'error rate' ? 'points' : '%'}`;
  if (Number(size.toFixed(digits)) === 0) return text;
  return `${percent > 0 ? '+' : '−'}${text}`;
}

/** `12.4 ms`, `0.25 %` or `120/s`. */
export function formatValue(name: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (name === 'error rate') return `${Number((value * 100).toPrecision(3))} %`;
  if (name === 'rate') return `${Number(value.toPrecision(4))}/s`;
  return formatMs(value);
}
