import type { RunResult, SeriesResult, TotalsResult } from '@drumline/wire';
import { formatCount, formatMs, formatPercent, formatRate } from './format.js';
import type { Colors } from './options.js';
import { type Cell, fits, renderTable } from './table.js';
import { oneLine } from './text.js';

const TITLES = ['Request', 'Requests', 'Failures', 'Rate', 'p50', 'p95', 'p99', 'max'];

/** Columns that a narrow terminal omits, step by step: max, p50, p99, rate. */
const LEFT_OUT = [[], [7], [7, 4], [7, 4, 6], [7, 4, 6, 3]];

/** Maximum rows; the report has all of them. The busiest are shown, in their original order. */
const MAX_ROWS = 40;

/** Desired width of names. With less room, failures are abbreviated, then columns are omitted. */
const ROOM_FOR_NAMES = 24;
const ROOM_FOR_NAMES_AT_LEAST = 12;

/** Limits of the table. */
export interface SeriesTable {
  readonly most?: number;
  /** Whether to add a last row for the whole run. */
  readonly aggregated?: boolean;
  /** Whether to show the first series instead of the busiest. */
  readonly inOrder?: boolean;
}

/** The table of the series. */
export function seriesLines(
  { series, totals }: Pick<RunResult, 'series' | 'totals'>,
  colors: Colors,
  width: number,
  { most = MAX_ROWS, aggregated = true, inOrder = false }: SeriesTable = {},
): string[] {
  if (series.length === 0) return [];
  const shown = inOrder ? series.slice(0, most) : busiest(series, most);
  const build = (failures: (counts: TotalsResult) => string) => [
    TITLES.map((text): Cell => ({ text, paint: colors.dim })),
    ...shown.map((row) => paintPart(row, cells(label(row, series), row, failures(row), colors), colors)),
    ...(aggregated ? [boldly(cells('Aggregated', totals, failures(totals), colors), colors)] : []),
  ];
  const lines = renderTable(fitting(build(failuresInFull), build(failuresInShort), width), width);
  const left = series.length - shown.length;
  if (left === 0) return lines;
  const more = colors.dim(
    `+${formatCount(left)} more${inOrder ? '' : ' with fewer requests'}${aggregated ? '; the report has them all' : ''}`,
  );
  return aggregated ? [...lines.slice(0, -1), more, lines.at(-1)!] : [...lines, more];
}

/** The most detailed table that fits the width. */
function fitting(full: Cell[][], short: Cell[][], width: number): Cell[][] {
  if (fits(full, width, ROOM_FOR_NAMES)) return full;
  if (fits(short, width, ROOM_FOR_NAMES)) return short;
  const narrower = LEFT_OUT.map((out) =>
    short.map((row) => row.filter((_, column) => !out.includes(column))),
  );
  return narrower.find((rows) => fits(rows, width, ROOM_FOR_NAMES_AT_LEAST)) ?? narrower.at(-1)!;
}

function cells(name: string, counts: TotalsResult, failures: string, colors: Colors): Cell[] {
  const { p50, p95, p99, max } = counts.latencyMs;
  // Interrupted requests have no response time.
  const isTimed = counts.requests > counts.interrupted;
  return [
    { text: name },
    { text: formatCount(counts.requests) },
    { text: failures, paint: counts.failures > 0 ? colors.red : colors.dim },
    { text: formatRate(counts.rate) },
    ...[p50, p95, p99, max].map((ms) => ({ text: isTimed ? formatMs(ms) : '–' })),
  ];
}

/** Dims rows that are not part of the totals. */
function paintPart({ part }: SeriesResult, [name, ...counts]: Cell[], colors: Colors): Cell[] {
  return part ? [{ ...name!, paint: colors.dim }, ...counts] : [name!, ...counts];
}

function boldly(row: readonly Cell[], colors: Colors): Cell[] {
  return row.map(({ text, paint }) => ({
    text,
    paint: (bare) => colors.bold(paint ? paint(bare) : bare),
  }));
}

function failuresInFull({ failures, requests }: TotalsResult): string {
  return failures === 0 ? '0' : `${formatCount(failures)} (${formatPercent(failures, requests)})`;
}

function failuresInShort({ failures, requests }: TotalsResult): string {
  return failures === 0 ? '0' : formatPercent(failures, requests);
}

/** Method and name. Adds user type and tags if several series have the same method and name. */
function label(row: SeriesResult, all: readonly SeriesResult[]): string {
  const name = oneLine(`${row.method} ${row.name}`);
  const alike = all.filter((other) => other.method === row.method && other.name === row.name);
  if (alike.length < 2) return name;
  const tags = Object.entries(row.tags).map(([key, value]) => `${key}=${value}`);
  return oneLine(`${name} [${[row.user, ...tags].join(' ')}]`);
}

function busiest(series: readonly SeriesResult[], most: number): readonly SeriesResult[] {
  if (series.length <= most) return series;
  const kept = new Set(series.toSorted((a, b) => b.requests - a.requests).slice(0, most));
  return series.filter((row) => kept.has(row));
}
