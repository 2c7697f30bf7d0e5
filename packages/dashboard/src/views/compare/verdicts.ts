import type { ComparisonView } from '@drumline/client';
import { formatMs, formatRate, formatShare } from '../../format.js';

type Verdict = ComparisonView['verdict'];

export const SIGNS: Readonly<Record<Verdict, string>> = {
  worse: '✗',
  better: '✓',
  same: '✓',
  'cannot-tell': '?',
};

/** Classes of the style sheet. */
export const TONES: Readonly<Record<Verdict, string>> = {
  worse: 'bad',
  better: 'good',
  same: 'muted',
  'cannot-tell': 'warn',
};

/** The order of series: first what matters. */
export const RANKS: readonly Verdict[] = ['worse', 'better', 'cannot-tell', 'same'];

/** A mean and a rate do not decide. */
export function isJudged(statistic: string): boolean {
  return statistic !== 'rate' && statistic !== 'mean';
}

export function formatStatistic(name: string, value: number | null): string {
  if (value === null) return '–';
  if (name === 'error rate') return formatShare(value);
  return name === 'rate' ? formatRate(value) : formatMs(value);
}

/** `+18 %`, or percentage points for an error rate. */
export function formatChange(name: string, change: number | null): string {
  if (change === null) return '–';
  const percent = Math.abs(change * 100);
  const digits = name === 'error rate' ? 2 : percent < 10 ? 1 : 0;
  const text = percent.toFixed(digits);
  const sign = Number(text) === 0 ? '' : change > 0 ? '+' : '−';
  return `${sign}${text} ${name === 'error rate' ? 'points' : '%'}`;
}
