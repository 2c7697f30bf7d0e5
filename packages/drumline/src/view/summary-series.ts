import type { RunResult, SeriesResult, TotalsResult } from '@drumline/wire';
import { formatCount, formatMs, formatPercent, formatRate } from './format.js';
import type { Colors } from './options.js';
import { type Cell, fits, layOut } from './table.js';
import { oneLine } from './text.js';

const TITLES = ['Request', 'Requests', 'Failures', 'Rate', 'p50', 'p95', 'p99', 'max'];

/** More rows are for the report, not for a terminal. The busiest are shown, in their order. */
const MOST_ROWS = 40;

/** A name should have this many columns, or else failures are written in a shorter way. */
const ROOM_FOR_NAMES = 24;

/** The table of the series with the whole run in its last row. */
export function seriesLines({ series, totals }: RunResult, colors: Colors, width: number): string[] {
  if (series.length === 0) return [];
  const shown = busiest(series);
  const build = (failures: (counts: TotalsResult) => string) => [
    TITLES.map((text): Cell => ({ text, paint: colors.dim })),
    ...shown.map((row) => cells(label(row, series), row, failures(row), colors)),
    cells('Aggregated', totals, failures(totals), colors).map((cell): Cell => ({
      text: cell.text,
      paint: (text) => colors.bold(cell.paint ? cell.paint(text) : text),
    })),
  ];
  const full = build(failuresInFull);
  const lines = layOut(fits(full, width, ROOM_FOR_NAMES) ? full : build(failuresInShort), width);
  const left = series.length - shown.length;
  const more =
    left > 0 ? [colors.dim(`+${formatCount(left)} more with fewer requests; the report has them all`)] : [];
  return [...lines.slice(0, -1), ...more, lines.at(-1)!];
}

function cells(name: string, counts: TotalsResult, failures: string, colors: Colors): Cell[] {
  const { p50, p95, p99, max } = counts.latencyMs;
  return [
    { text: name },
    { text: formatCount(counts.requests) },
    { text: failures, paint: counts.failures > 0 ? colors.red : colors.dim },
    { text: formatRate(counts.rate) },
    ...[p50, p95, p99, max].map((ms) => ({ text: formatMs(ms) })),
  ];
}

function failuresInFull({ failures, requests }: TotalsResult): string {
  return failures === 0 ? '0' : `${formatCount(failures)} (${formatPercent(failures, requests)})`;
}

function failuresInShort({ failures, requests }: TotalsResult): string {
  return failures === 0 ? '0' : formatPercent(failures, requests);
}

/** Method and name; user type and tags too, where nothing else tells two series apart. */
function label(row: SeriesResult, all: readonly SeriesResult[]): string {
  const name = oneLine(`${row.method} ${row.name}`);
  const alike = all.filter((other) => other.method === row.method && other.name === row.name);
  if (alike.length < 2) return name;
  const tags = Object.entries(row.tags).map(([key, value]) => `${key}=${value}`);
  return oneLine(`${name} [${[row.user, ...tags].join(' ')}]`);
}

function busiest(series: readonly SeriesResult[]): readonly SeriesResult[] {
  if (series.length <= MOST_ROWS) return series;
  const kept = new Set(series.toSorted((a, b) => b.requests - a.requests).slice(0, MOST_ROWS));
  return series.filter((row) => kept.has(row));
}
