import type { RowsResult, RunResult } from '@drumline/wire';
import { formatCount } from './format.js';
import type { Colors } from './options.js';
import { cutEnd, cutMiddle, oneLine, padEnd, widthOf } from './text.js';

/** A line for each table whose rows were used once or borrowed. */
export function rowLines({ rows = [] }: Pick<RunResult, 'rows'>, colors: Colors, width: number): string[] {
  const names = rows.map(({ table }) => oneLine(table));
  const room = Math.min(Math.max(0, ...names.map(widthOf)), Math.floor(width / 3));
  return rows.map((row, index) => {
    const mark = row.lost.length > 0 ? colors.yellow('!') : colors.green('✓');
    const name = padEnd(cutMiddle(names[index]!, room), room);
    return `${mark} ${name}  ${cutEnd(describe(row), width - room - 4)}`;
  });
}

function describe({ use, rows, issued, used, lost }: RowsResult): string {
  const parts =
    use === 'once'
      ? [`${formatCount(issued)} of ${formatCount(rows)} rows issued`, `${formatCount(used)} used`]
      : [`${formatCount(rows)} rows`, `borrowed ${formatCount(used)} times`];
  const losses = lost.map((one) => `${formatCount(one.rows)} used or not with ${one.worker}/${one.lane}`);
  return [...parts, ...losses].join(', ');
}
