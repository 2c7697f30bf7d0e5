const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** An exact count with thousands set apart: `1,204,332`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}
