import { formatCount } from '@drumline/model';

export { formatCount };

/** A number with about three significant digits: `0.042`, `3.14`, `57.3`, `1,203`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  // Quantiles have three significant digits, so 3.002 is shown as 3.
  const isWhole = Math.abs(value - Math.round(value)) <= size / 1_000;
  if (size >= 100 || isWhole) return formatCount(value);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

/** Requests per second: `1203/s`, `12.5/s`. */
export function formatRate(rate: number): string {
  return `${rate >= 99.95 ? rate.toFixed(0) : formatNumber(rate)}/s`;
}

/** Milliseconds, short: `0.35ms`, `3.1ms`, `12ms`, `1.20s`, `2.5min`. */
export function formatMs(ms: number): string {
  if (ms < 0.995) return `${Number(ms.toFixed(2))}ms`;
  if (ms < 9.95) return `${ms.toFixed(1)}ms`;
  if (ms < 999.5) return `${ms.toFixed(0)}ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(2)}s` : `${(ms / 60_000).toFixed(1)}min`;
}

/** A response time, or a dash for a second without requests. */
export function formatLatency({ requests }: { readonly requests: number }, ms: number): string {
  return requests === 0 ? '–' : formatMs(ms);
}

/** A percentage: `2.5%`. Rounds to 0 or 100 only if exact; otherwise `<0.1%` or `>99.9%`. */
export function formatPercent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0.0%';
  const percent = (part / whole) * 100;
  if (percent < 0.05) return '<0.1%';
  if (percent >= 99.95 && part < whole) return '>99.9%';
  return `${percent.toFixed(1)}%`;
}

/** A duration as a clock shows it: `02:05`, `1:00:30`. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
