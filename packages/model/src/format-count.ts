const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats a count with thousands separators: `1,204,332`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}
