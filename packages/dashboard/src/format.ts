// Texts of figures, the same everywhere on the page. `Intl` would take ten times as long.
import {
  describeMargin,
  formatClock as clockOf,
  formatNumber,
  formatShare as shareOf,
} from '@drumline/model';

export { formatBytes, formatCount, formatNumber } from '@drumline/model';

/** A time with three significant digits: `42.5 µs`, `639 µs`, `1.59 ms`, `12.4 s`, `2.5 min`. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0 ms';
  if (ms < 0.9995) return `${Number((ms * 1_000).toPrecision(3))} µs`;
  if (ms < 999.5) return `${digits(ms)} ms`;
  return ms < 59_950 ? `${digits(ms / 1_000)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** Three significant digits of a number from 1 to below 1,000. */
function digits(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

export function formatRate(perSecond: number): string {
  return `${formatNumber(perSecond)}/s`;
}

/** A share from 0 to 1 as percent. A share above 0 never looks like 0. */
export function formatShare(share: number): string {
  return shareOf(share, 1);
}

/** `1:02:03`, `02:03`. */
export function formatClock(seconds: number): string {
  return clockOf(seconds * 1_000);
}

/** `2026-11-29 14:03:22`, in the time zone of the reader. */
export function formatInstant(iso: string): string {
  const at = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The figure of a threshold in its unit, as tiles and tables show it. */
export function formatFigure(
  value: number | null,
  unit: 'ms' | 'share' | 'count' | 'per-second' | 'value',
): string {
  if (value === null) return 'no data';
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatShare(value);
    case 'per-second':
      return formatRate(value);
    case 'count':
    case 'value':
      return formatNumber(value);
  }
}

/** How far a figure is from its limit: `4 % below`, `12 % above`. */
export function formatMargin(margin: number, isLowerBound: boolean): string {
  return describeMargin(margin, isLowerBound, ' %');
}
