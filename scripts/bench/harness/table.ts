import type { Line } from './bench.js';

const HEAD = ['', 'Drumline', 'beside it', 'ratio', 'goal', ''] as const;

/** The lines as a table for a terminal. */
export function textTable(lines: readonly Line[]): string {
  const rows = [HEAD, ...lines.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The lines as a table for `docs/performance.md`. */
export function markdownTable(lines: readonly Line[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...lines.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells({ what, ours, beside, ratio, goal, met }: Line): readonly string[] {
  return [what, ours, beside, ratio, goal, met === undefined ? '' : met ? 'met' : 'missed'];
}
