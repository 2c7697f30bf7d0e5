import picocolors from 'picocolors';
import { CHART_LINES, liveChartLines } from './live-charts.js';
import { failureLines } from './live-failures.js';
import { headLines } from './live-head.js';
import { keyLines } from './live-keys.js';
import { liveSeriesLines } from './live-series.js';
import { workerLines } from './live-workers.js';
import { DEFAULT_CHOICES, type LiveChoices, type LiveModel } from './model.js';
import type { Colors, ViewOptions } from './options.js';
import { checkLines } from './summary-parts.js';
import { shareLines, type ViewPart } from './share-lines.js';
import { liveThresholdLines } from './thresholds.js';
import { sideBySide, oneLine, wrapAtMost } from './text.js';

/** From this width on, tables are side by side. */
const WIDE = 150;
const GAP = 4;
/** Maximum height of the view, and its height if that of the terminal is unknown. */
const DEFAULT_LINES = 60;
const MAX_NOTES = 3;
const MAX_LINES_PER_NOTE = 6;

/**
 * The lines of the live view. They fit the width and the height of the terminal. A pure function of
 * its arguments.
 */
export function renderLive(
  model: LiveModel,
  { color, width, rows = Infinity }: ViewOptions,
  choices: LiveChoices = DEFAULT_CHOICES,
): string[] {
  const colors = picocolors.createColors(color);
  const head = headLines(model, colors, width);
  const keys = keyLines(choices, model.status.paused, colors, width);
  // The last line is for the cursor.
  const room = rows - 1;
  const free =
    Math.min(DEFAULT_LINES, Number.isFinite(room) ? room : DEFAULT_LINES) - head.length - keys.length;
  const parts =
    width >= WIDE ? wideParts(model, choices, colors, width) : narrowParts(model, choices, colors, width);
  const body = shareLines(parts, Math.max(0, free));
  return [...head, ...body, ...keys].slice(0, Math.max(1, room));
}

/** One part below the other, in order of importance. */
function narrowParts(model: LiveModel, { sort }: LiveChoices, colors: Colors, width: number): ViewPart[] {
  return [
    { minLines: 3, lines: (maxLines) => thresholdsOf(model, colors, width, maxLines) },
    { minLines: 5, lines: (maxLines) => failureLines(model, colors, width, maxLines) },
    { minLines: 4, lines: (maxLines) => liveSeriesLines(model, sort, colors, width, maxLines) },
    { minLines: 2, lines: (maxLines) => failingChecks(model, colors, width, maxLines) },
    { minLines: 3, lines: (maxLines) => workerLines(model.workers, colors, width, maxLines) },
    { minLines: 1, lines: (maxLines) => noteLines(model, colors, width, maxLines) },
    {
      minLines: CHART_LINES,
      lines: (maxLines) => liveChartLines(model, colors, width, maxLines),
    },
  ];
}

/** Requests on the left, checks and workers on the right. */
function wideParts(model: LiveModel, { sort }: LiveChoices, colors: Colors, width: number): ViewPart[] {
  const left = Math.floor((width - GAP) * 0.6);
  const right = width - GAP - left;
  const rightColumn = (height: number): string[] =>
    shareLines(
      [
        { minLines: 2, lines: (maxLines) => failingChecks(model, colors, right, maxLines) },
        { minLines: 3, lines: (maxLines) => workerLines(model.workers, colors, right, maxLines) },
      ],
      height + 1,
    ).slice(1);
  return [
    { minLines: 3, lines: (maxLines) => thresholdsOf(model, colors, width, maxLines) },
    { minLines: 3, lines: (maxLines) => failureLines(model, colors, width, maxLines) },
    {
      minLines: 6,
      lines: (maxLines) =>
        sideBySide(liveSeriesLines(model, sort, colors, left, maxLines), rightColumn(maxLines), left, GAP),
    },
    { minLines: 1, lines: (maxLines) => noteLines(model, colors, width, maxLines) },
    {
      minLines: CHART_LINES,
      lines: (maxLines) => liveChartLines(model, colors, width, maxLines),
    },
  ];
}

function thresholdsOf({ status }: LiveModel, colors: Colors, width: number, maxLines: number): string[] {
  return liveThresholdLines(status.thresholds, colors, width, maxLines);
}

/** Failed checks, the most frequent first, then one line for the others. */
function failingChecks({ checks }: LiveModel, colors: Colors, width: number, maxLines: number): string[] {
  if (checks.length === 0) return [];
  const failing = checks.filter(({ fails }) => fails > 0).toSorted((a, b) => b.fails - a.fails);
  const passing = checks.length - failing.length;
  const rest = passing > 0 ? 1 : 0;
  const shown = failing.slice(
    0,
    failing.length + rest < maxLines ? failing.length : Math.max(1, maxLines - 2),
  );
  const left = failing.length - shown.length;
  const others = [
    ...(left > 0 ? [`${left} more fail`] : []),
    ...(passing > 0 ? [`${passing} always passed`] : []),
  ];
  const tail = others.length === 0 ? [] : [colors.dim(others.join(', '))];
  return [colors.bold('Checks'), ...checkLines({ checks: shown }, colors, width), ...tail].slice(0, maxLines);
}

/** The latest notes. The report has all of them. */
function noteLines({ status }: LiveModel, colors: Colors, width: number, maxLines: number): string[] {
  const notes = status.notes.slice(-Math.min(MAX_NOTES, maxLines));
  const each = Math.max(1, Math.min(MAX_LINES_PER_NOTE, Math.floor(maxLines / Math.max(1, notes.length))));
  return notes.flatMap(({ message }) =>
    wrapAtMost(oneLine(message), width - 2, each).map((line, i) =>
      colors.yellow(`${i === 0 ? '⚠' : ' '} ${line}`),
    ),
  );
}
