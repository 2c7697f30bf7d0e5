// Texts of figures, the same everywhere on the page. `Intl` would take ten times as long.
import {
  formatClock as clockOf,
  formatNumber,
  formatShare as shareOf,
  formatThresholdValue,
} from '@drumline/model';

export { formatBytes, formatCount, formatMs, formatNumber } from '@drumline/model';

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

/** The figure of a threshold in its unit. */
export function formatFigure(
  value: number | null,
  unit: 'ms' | 'share' | 'count' | 'per-second' | 'value',
): string {
  return value === null ? 'no data' : formatThresholdValue(value, unit);
}
