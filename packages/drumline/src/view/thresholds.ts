import { describeMargin, formatDuration, formatThresholdValue } from '@drumline/model';
import type { RunEventView, ThresholdResult, ThresholdView } from '@drumline/wire';
import { formatClock } from './format.js';
import type { Colors } from './options.js';
import { cutMiddle, oneLine, padEnd, padStart, widthOf, wrap } from './text.js';

/** Columns for the mark in front of each line. */
const MARK = 2;
const GAP = 2;
/** Thresholds that the live view shows at most. */
const MOST_LIVE = 8;

type Named = Pick<ThresholdResult, 'of' | 'expression'>;

/** A threshold with what it is about: `POST /orders: p95 < 200ms`. */
function nameOf({ of, expression }: Named): string {
  return oneLine(of === '' ? expression : `${of}: ${expression}`);
}

/** A line for each threshold: whether it passed, the figure and its margin. */
export function thresholdLines(
  thresholds: readonly ThresholdResult[] | undefined,
  colors: Colors,
  width: number,
): string[] {
  if (thresholds === undefined) return [];
  const figures = thresholds.map(figureOf);
  const table = columns(thresholds, figures, width);
  return thresholds.flatMap((threshold, index) => {
    const mark = threshold.passed ? colors.green('✓') : colors.red('✗');
    const tone = threshold.passed ? colors.dim : colors.red;
    const [first, ...more] = wrap(detailOf(threshold), width - table.used);
    return [
      `${mark} ${table.lines[index]!}${first ? tone(first) : ''}`.trimEnd(),
      ...more.map((line) => `${' '.repeat(table.used)}${tone(line)}`),
    ];
  });
}

function figureOf({ observed, unit }: Pick<ThresholdResult, 'observed' | 'unit'>): string {
  return observed === null ? '–' : formatThresholdValue(observed, unit);
}

/** The margin, and how long it was broken. */
function detailOf(threshold: ThresholdResult): string {
  const { margin, problem, brokenForMs, firstBrokenAtMs, aborted } = threshold;
  if (problem !== undefined) return oneLine(problem);
  const isLower = />/.test(threshold.expression);
  const times =
    brokenForMs > 0 && firstBrokenAtMs !== undefined
      ? `broken for ${formatDuration(brokenForMs)}, first at ${formatClock(firstBrokenAtMs)}`
      : '';
  return [
    margin === undefined ? '' : describeMargin(margin, isLower),
    times,
    aborted === true ? 'ended the run' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Names and figures in aligned columns. */
function columns(
  rows: readonly Named[],
  figures: readonly string[],
  width: number,
): { lines: string[]; used: number } {
  const names = rows.map(nameOf);
  const figureWidth = Math.max(0, ...figures.map(widthOf));
  const nameWidth = Math.min(
    Math.max(0, ...names.map(widthOf)),
    Math.max(20, Math.floor(width * 0.6) - figureWidth - MARK - GAP),
  );
  const lines = names.map(
    (name, index) =>
      `${padEnd(cutMiddle(name, nameWidth), nameWidth + GAP)}${padStart(figures[index]!, figureWidth)}${' '.repeat(GAP)}`,
  );
  return { lines, used: MARK + nameWidth + GAP + figureWidth + GAP };
}

/** How the thresholds stand: the broken ones first, then as many others as fit. */
export function liveThresholdLines(
  thresholds: readonly ThresholdView[] | undefined,
  colors: Colors,
  width: number,
  maxLines: number,
): string[] {
  if (thresholds === undefined || maxLines < 2) return [];
  const sorted = thresholds.toSorted((a, b) => Number(b.broken) - Number(a.broken));
  const most = Math.min(MOST_LIVE, maxLines - 1);
  const shown = sorted.slice(0, sorted.length > most ? Math.max(1, most - 1) : most);
  const table = columns(shown, shown.map(figureOf), width);
  const lines = shown.map(({ broken, brokenForMs }, index) => {
    const mark = broken ? colors.red('✗') : brokenForMs > 0 ? colors.yellow('✓') : colors.green('✓');
    const detail = brokenForMs > 0 ? `broken for ${formatDuration(brokenForMs)}` : '';
    return `${mark} ${table.lines[index]!}${broken ? colors.red(detail) : colors.dim(detail)}`.trimEnd();
  });
  const left = sorted.length - shown.length;
  return [colors.bold('Thresholds'), ...lines, ...(left > 0 ? [colors.dim(`${left} more`)] : [])];
}

/** A threshold during the run, in one line: `POST /orders: p95 < 200ms is broken: 412ms`. */
export function describeThreshold(threshold: ThresholdView): string {
  const { broken, brokenForMs, observed } = threshold;
  const state = broken ? 'is broken' : observed === null ? 'has no data yet' : 'holds';
  const since = brokenForMs > 0 ? `, broken for ${formatDuration(brokenForMs)}` : '';
  return `${nameOf(threshold)} ${state}${observed === null ? '' : `: ${figureOf(threshold)}`}${since}`;
}

/** An event of a threshold in one line. */
export function describeThresholdEvent(event: Extract<RunEventView, { type: 'threshold' }>): string {
  const state = event.state === 'broken' ? 'is broken' : 'has recovered';
  return `threshold: ${nameOf(event)} ${state}${event.observed === null ? '' : `: ${figureOf(event)}`}`;
}
