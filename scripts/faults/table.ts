import type { FaultRow } from './row.js';

/** One row per fault, sorted by name. */
export function markdownTable(rows: readonly FaultRow[]): string {
  const sorted = rows.toSorted((a, b) => a.fault.localeCompare(b.fault, 'en', { numeric: true }));
  return [
    '| fault | survived | seen by the target | in the report | difference | stated in the report |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...sorted.map(lineOf),
  ].join('\n');
}

function lineOf({ fault, survived, seenByTarget, reported, stated }: FaultRow): string {
  const difference = reported === null ? '–' : String(seenByTarget - reported);
  const words = stated === null ? '–' : stated === 0 ? '' : `at most ${stated}`;
  const cells = [fault, survived ? 'yes' : 'NO', seenByTarget, reported ?? '–', difference, words];
  return `| ${cells.join(' | ')} |`;
}
