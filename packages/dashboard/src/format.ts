/** Texts of figures, the same everywhere on the page. */

export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** At most three digits after the point. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', {
    maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0,
  });
}

export function formatRate(perSecond: number): string {
  return `${formatNumber(perSecond)}/s`;
}

export function formatMs(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(ms >= 9_950 ? 1 : 2)} s` : `${formatNumber(ms)} ms`;
}

/** A share from 0 to 1 as percent. A share above 0 never looks like 0. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.01) return '< 0.01 %';
  return `${percent.toLocaleString('en-US', { maximumFractionDigits: percent < 1 ? 2 : 1 })} %`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(bytes / 1_024 ** unit)} ${UNITS[unit]!}`;
}

/** `1:02:03`, `02:03`. */
export function formatClock(seconds: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const tail = `${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3_600 ? `${Math.floor(seconds / 3_600)}:${tail}` : tail;
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
  if (value === null) return 'no data';
  if (unit === 'ms') return formatMs(value);
  if (unit === 'share') return formatShare(value);
  return unit === 'per-second' ? formatRate(value) : formatNumber(value);
}
