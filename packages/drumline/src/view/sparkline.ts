const BARS = '▁▂▃▄▅▆▇█';

/** The newest values as small bars, scaled to the largest value. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-Math.max(1, width));
  const top = Math.max(1, ...shown);
  return shown
    .map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / top) * BARS.length))])
    .join('');
}

/** The newest values as bars over several rows, the highest row first. */
export function chartRows(values: readonly number[], rows: number, width: number): string[] {
  const shown = values.slice(-Math.max(1, width));
  const top = Math.max(...shown, Number.MIN_VALUE);
  const eighths = shown.map((value) => Math.round((value / top) * rows * BARS.length));
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * BARS.length;
    return eighths
      .map((height) => (height <= below ? ' ' : BARS[Math.min(BARS.length, height - below) - 1]))
      .join('');
  });
}

/** A bar of a given width, `part` of it filled in eighths of a column. */
export function progressBar(part: number, width: number): { filled: string; rest: string } {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]!;
  const filled = '█'.repeat(Math.floor(eighths / 8)) + partial;
  return { filled, rest: '·'.repeat(width - filled.length) };
}
