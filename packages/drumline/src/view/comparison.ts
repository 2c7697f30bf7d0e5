import { formatDuration } from '@drumline/model';
import {
  adviceOf,
  formatChange,
  formatValue,
  JUDGED_COLUMNS,
  meaningOf,
  seriesWord,
  wordOf,
  type ComparedCounts,
  type ComparedSeries,
  type ComparedStatus,
  type Comparison,
} from '@drumline/master/report';
import picocolors from 'picocolors';
import { formatCount } from './format.js';
import type { Colors, ViewOptions } from './options.js';
import { renderTable, type Cell } from './table.js';
import { oneLine, wrap } from './text.js';

type Run = Comparison['baseline'];
type Verdict = Comparison['verdict'];

/** A comparison of two runs for a terminal. Ends with a line break. */
export function renderComparison(comparison: Comparison, { color, width }: ViewOptions): string {
  const colors = picocolors.createColors(color);
  const blocks = [
    headLines(comparison, colors, width),
    remarkLines(comparison, colors, width),
    totalLines(comparison, colors, width),
    seriesLines(comparison, colors, width),
    statusLines(comparison, colors, width),
    lengthLines(comparison, width),
    conditionLines(comparison, colors, width),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const BADGES: Readonly<Record<Verdict, string>> = {
  worse: '✗ worse',
  better: '✓ better',
  same: '✓ same',
  'cannot-tell': '? cannot tell',
};

function headLines(comparison: Comparison, colors: Colors, width: number): string[] {
  const { verdict, confidence } = comparison;
  const badge = toneOf(verdict, colors)(colors.bold(BADGES[verdict]));
  return [
    `${badge}  ${meaningOf(comparison)} ${colors.dim(`(confidence ${confidence * 100} %)`)}`,
    ...[...runLines('Baseline', comparison.baseline), ...runLines('New run', comparison.compared)].flatMap(
      (line) => wrap(line, width),
    ),
  ];
}

function runLines(title: string, run: Run): string[] {
  const labels = Object.entries(run.labels ?? {}).map(([name, value]) => oneLine(`${name}=${value}`));
  const facts = [
    run.startedAt.slice(0, 16).replace('T', ' '),
    ...labels,
    `${formatCount(run.requests)} requests`,
    formatValue('rate', run.rate),
    `${Number(run.meanUsers.toPrecision(3))} users`,
    `from ${formatDuration(run.fromSecond * 1_000)} to ${formatDuration(run.toSecond * 1_000)}`,
  ];
  return [`${title.padEnd(9)} ${run.id.slice(0, 8)}  ${oneLine(run.scenario)}  ${facts.join(' · ')}`];
}

function remarkLines({ remarks }: Comparison, colors: Colors, width: number): string[] {
  return remarks.flatMap(({ message }) =>
    wrap(oneLine(message), width - 2).map((line, i) => colors.yellow(`${i === 0 ? '⚠' : ' '} ${line}`)),
  );
}

function totalLines({ totals }: Comparison, colors: Colors, width: number): string[] {
  const head = ['All requests', 'baseline', 'new', 'change', 'interval', ''];
  const rows = totals.statistics.map((one): Cell[] => {
    const { name, before, after, change, low, high, verdict } = one;
    const isJudged = name !== 'rate' && name !== 'mean';
    const paint = isJudged ? toneOf(verdict, colors) : colors.dim;
    const interval = Number.isFinite(low) ? `${formatChange(name, low)} to ${formatChange(name, high)}` : '–';
    return [
      { text: name },
      { text: formatValue(name, before) },
      { text: formatValue(name, after) },
      { text: formatChange(name, change), paint },
      { text: interval, paint: colors.dim },
      { text: isJudged ? wordOf(one) : '', paint },
    ];
  });
  return renderTable([head.map((text) => ({ text, paint: colors.dim })), ...rows], width);
}

/** Shares of all requests. Nothing if all responses have the same status. */
function statusLines({ statuses = [] }: Comparison, colors: Colors, width: number): string[] {
  if (statuses.length < 2) return [];
  const head = ['Status', 'baseline', 'new', 'change', 'interval', ''];
  const rows = statuses.map((one): Cell[] => {
    const { status, requests, before, after, change, low, high, verdict } = one;
    const shown = (share: number, count: number): string =>
      `${formatValue('error rate', share)} (${formatCount(count)})`;
    const interval = Number.isFinite(low)
      ? `${formatChange('error rate', low)} to ${formatChange('error rate', high)}`
      : '–';
    const paint = STATUS_TONES[verdict](colors);
    return [
      { text: status },
      { text: shown(before, requests.before) },
      { text: shown(after, requests.after) },
      { text: formatChange('error rate', change), paint },
      { text: interval, paint: colors.dim },
      { text: verdict.replace('-', ' '), paint },
    ];
  });
  return renderTable([head.map((text) => ({ text, paint: colors.dim })), ...rows], width);
}

const STATUS_TONES: Readonly<Record<ComparedStatus['verdict'], (colors: Colors) => Colors['dim']>> = {
  more: ({ bold }) => bold,
  fewer: ({ bold }) => bold,
  same: ({ dim }) => dim,
  'cannot-tell': ({ yellow }) => yellow,
};

/** Rows of a table; more would hide the summary. */
const MAX_ROWS = 40;
const RANKS: readonly Verdict[] = ['worse', 'better', 'cannot-tell', 'same'];

function seriesLines({ series }: Comparison, colors: Colors, width: number): string[] {
  if (series.length === 0) return [];
  const head = ['Request', 'Requests', ...JUDGED_COLUMNS, ''];
  const sorted = series.toSorted((a, b) => RANKS.indexOf(a.verdict) - RANKS.indexOf(b.verdict));
  const rows = sorted
    .slice(0, MAX_ROWS)
    .map((one): Cell[] => [
      { text: labelOf(one, series) },
      { text: formatCount(one.requests.after) },
      ...JUDGED_COLUMNS.map((name) => changeCell(one, name, colors)),
      { text: seriesWord(one), paint: toneOf(one.verdict, colors) },
    ]);
  const left = series.length - rows.length;
  const more = left > 0 ? [colors.dim(`+${formatCount(left)} more; --json has them all`)] : [];
  return [...renderTable([head.map((text) => ({ text, paint: colors.dim })), ...rows], width), ...more];
}

/** The change: `=` if it is within the margin, with a question mark if it may be noise. */
function changeCell(counts: ComparedCounts, name: string, colors: Colors): Cell {
  const one = counts.statistics.find((statistic) => statistic.name === name)!;
  const change = formatChange(name, one.change);
  if (one.verdict === 'same') return { text: '=', paint: colors.dim };
  if (one.verdict === 'cannot-tell') return { text: `${change} ?`, paint: colors.yellow };
  return { text: change, paint: toneOf(one.verdict, colors) };
}

/** Adds user type and tags if several series have the same method and name. */
function labelOf(one: ComparedSeries, all: readonly ComparedSeries[]): string {
  const name = oneLine(`${one.method} ${one.name}`);
  const alike = all.filter((other) => other.method === one.method && other.name === one.name);
  if (alike.length < 2) return name;
  const tags = Object.entries(one.tags).map(([key, value]) => `${key}=${value}`);
  return oneLine(`${name} [${[one.user, ...tags].join(' ')}]`);
}

/** How long runs must be to tell what these cannot. */
function lengthLines(comparison: Comparison, width: number): string[] {
  const advice = adviceOf(comparison);
  return advice === undefined ? [] : wrap(advice, width);
}

const SIGNS = { passed: '✓ passed', failed: '✗ failed', 'cannot-tell': '? cannot tell' } as const;

function conditionLines({ conditions }: Comparison, colors: Colors, width: number): string[] {
  const tones = { passed: colors.green, failed: colors.red, 'cannot-tell': colors.yellow };
  return conditions.flatMap(({ expression, outcome, message }) =>
    wrap(oneLine(`${SIGNS[outcome]}  --fail-if '${expression}': ${message}`), width).map(tones[outcome]),
  );
}

function toneOf(verdict: Verdict, colors: Colors): (text: string) => string {
  if (verdict === 'worse') return colors.red;
  if (verdict === 'better') return colors.green;
  return verdict === 'same' ? colors.dim : colors.yellow;
}
