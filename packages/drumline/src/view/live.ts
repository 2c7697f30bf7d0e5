import picocolors from 'picocolors';
import { failureLines } from './live-failures.js';
import { headLines } from './live-head.js';
import { keyLines } from './live-keys.js';
import { liveSeriesLines } from './live-series.js';
import { workerLines } from './live-workers.js';
import { DEFAULT_CHOICES, type LiveChoices, type LiveModel } from './model.js';
import type { Colors, ViewOptions } from './options.js';
import { checkLines } from './summary-parts.js';
import { shareLines, type ViewPart } from './share-lines.js';
import { beside, oneLine, wrapAtMost } from './text.js';

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
    { least: 5, lines: (most) => failureLines(model, colors, width, most) },
    { least: 4, lines: (most) => liveSeriesLines(model, sort, colors, width, most) },
    { least: 2, lines: (most) => failingChecks(model, colors, width, most) },
    { least: 3, lines: (most) => workerLines(model.workers, colors, width, most) },
    { least: 1, lines: (most) => noteLines(model, colors, width, most) },
  ];
}

/** Requests on the left, checks and workers on the right. */
function wideParts(model: LiveModel, { sort }: LiveChoices, colors: Colors, width: number): ViewPart[] {
  const left = Math.floor((width - GAP) * 0.6);
  const right = width - GAP - left;
  const onTheRight = (most: number): string[] =>
    shareLines(
      [
        { least: 2, lines: (few) => failingChecks(model, colors, right, few) },
        { least: 3, lines: (few) => workerLines(model.workers, colors, right, few) },
      ],
      most + 1,
    ).slice(1);
  return [
    { least: 3, lines: (most) => failureLines(model, colors, width, most) },
    {
      least: 6,
      lines: (most) => beside(liveSeriesLines(model, sort, colors, left, most), onTheRight(most), left, GAP),
    },
    { least: 1, lines: (most) => noteLines(model, colors, width, most) },
  ];
}

/** Failed checks, the most frequent first, then one line for the others. */
function failingChecks({ checks }: LiveModel, colors: Colors, width: number, most: number): string[] {
  if (checks.length === 0) return [];
  const failing = checks.filter(({ fails }) => fails > 0).toSorted((a, b) => b.fails - a.fails);
  const holding = checks.length - failing.length;
  const rest = holding > 0 ? 1 : 0;
  const shown = failing.slice(0, failing.length + rest < most ? failing.length : Math.max(1, most - 2));
  const left = failing.length - shown.length;
  const others = [
    ...(left > 0 ? [`${left} more fail`] : []),
    ...(holding > 0 ? [`${holding} always passed`] : []),
  ];
  const tail = others.length === 0 ? [] : [colors.dim(others.join(', '))];
  return [colors.bold('Checks'), ...checkLines({ checks: shown }, colors, width), ...tail].slice(0, most);
}

/** The latest notes. The report has all of them. */
function noteLines({ status }: LiveModel, colors: Colors, width: number, most: number): string[] {
  const notes = status.notes.slice(-Math.min(MAX_NOTES, most));
  const each = Math.max(1, Math.min(MAX_LINES_PER_NOTE, Math.floor(most / Math.max(1, notes.length))));
  return notes.flatMap(({ message }) =>
    wrapAtMost(oneLine(message), width - 2, each).map((line, i) =>
      colors.yellow(`${i === 0 ? '⚠' : ' '} ${line}`),
    ),
  );
}
