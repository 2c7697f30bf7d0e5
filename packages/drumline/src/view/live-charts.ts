import { formatMs, formatRate } from './format.js';
import type { LiveModel } from './model.js';
import type { Colors } from './options.js';
import { chartRows } from './sparkline.js';
import { padEnd, padStart, sideBySide } from './text.js';

/** Rows of a chart, beside its title. */
const ROWS = 4;
export const CHART_LINES = ROWS + 1;
const GAP = 4;
/** Below this width, a chart says less than the line of the rate in the head. */
const MIN_WIDTH = 30;

/** Charts of the rate and of p95 over the last minute, side by side. */
export function liveChartLines(
  { seconds }: LiveModel,
  colors: Colors,
  width: number,
  room: number,
): string[] {
  const each = Math.floor((width - GAP) / 2);
  if (seconds.length < 2 || room < CHART_LINES || each < MIN_WIDTH) return [];
  const rate = chart(
    'Requests per second',
    seconds.map(({ requests }) => requests),
    formatRate,
    each,
    colors,
    colors.cyan,
  );
  const p95 = chart(
    'p95',
    seconds.map(({ p95Ms }) => p95Ms),
    formatMs,
    each,
    colors,
    colors.magenta,
  );
  return sideBySide(rate, p95, each, GAP);
}

function chart(
  title: string,
  values: readonly number[],
  format: (value: number) => string,
  width: number,
  colors: Colors,
  paint: (text: string) => string,
): string[] {
  const most = Math.max(...values);
  const labels = [format(most), format(0)];
  const labelWidth = Math.max(...labels.map(({ length }) => length));
  const rows = chartRows(values, ROWS, width - labelWidth - 2);
  const labelOf = (row: number): string => (row === 0 ? labels[0]! : row === ROWS - 1 ? labels[1]! : '');
  return [
    colors.bold(padEnd(title, width)),
    ...rows.map((row, index) => `${colors.dim(`${padStart(labelOf(index), labelWidth)} │`)}${paint(row)}`),
  ];
}
