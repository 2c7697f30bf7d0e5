import type { FaultRow } from './row.js';

const [BEGIN, END] = ['<!-- npm run faults: begin -->', '<!-- npm run faults: end -->'];

/** One row per fault, sorted by name. */
export function markdownTable(rows: readonly FaultRow[]): string {
  const sorted = rows.toSorted((a, b) => a.fault.localeCompare(b.fault, 'en', { numeric: true }));
  return [
    '| fault | survived | seen by the target | in the report | difference | stated in the report |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...sorted.map(lineOf),
  ].join('\n');
}

/** @returns the page with its table replaced. @throws Error if it has no place for the table */
export function replaceTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page lacks '${BEGIN}' or '${END}'`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}

function lineOf({ fault, survived, seenByTarget, reported, stated }: FaultRow): string {
  const difference = reported === null ? '–' : String(seenByTarget - reported);
  const words = stated === null ? '–' : stated === 0 ? '' : `at most ${stated}`;
  const cells = [fault, survived ? 'yes' : 'NO', seenByTarget, reported ?? '–', difference, words];
  return `| ${cells.join(' | ')} |`;
}
