const BARS = '▁▂▃▄▅▆▇█';

/** The newest values as small bars, scaled to the largest value. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-Math.max(1, width));
  const top = Math.max(1, ...shown);
  return shown
    .map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / top) * BARS.length))])
    .join('');
}

/** A bar of a given width, `part` of it filled in eighths of a column. */
export function progressBar(part: number, width: number): { filled: string; rest: string } {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]!;
  const filled = '█'.repeat(Math.floor(eighths / 8)) + partial;
  return { filled, rest: '·'.repeat(width - filled.length) };
}
