import { formatMs, formatRate } from '../format.js';
import type { Line } from './model.js';

/** Lines that charts of a run and of a series have. */
export const RATE: readonly Line[] = [
  { label: 'Requests', tone: 'blue', format: formatRate, isFilled: true },
  { label: 'Failures', tone: 'red', format: formatRate, isFilled: true },
];
export const TIMES: readonly Line[] = [
  { label: 'p50', tone: 'teal', format: formatMs, isHighest: true },
  { label: 'p95', tone: 'amber', format: formatMs, isDashed: true, isHighest: true },
  { label: 'p99', tone: 'violet', format: formatMs, isHighest: true },
];
