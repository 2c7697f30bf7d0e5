import picocolors from 'picocolors';
import { formatClock, formatCount, formatLatency as latency, formatPercent, formatRate } from './format.js';
import { MOST_WORKERS, workerLines } from './live-workers.js';
import type { LiveModel } from './model.js';
import type { Colors, ViewOptions } from './options.js';
import { progressBar, sparkline } from './sparkline.js';
import { errorLines } from './summary-parts.js';
import { seriesLines } from './summary-series.js';
import { cutEnd, oneLine, widthOf, wrap } from './text.js';

/** Seconds of the rate that are drawn. */
const DRAWN_SECONDS = 60;

/** How many lines the parts have that can do with fewer, from all there is room for to the least. */
const SIZES = [
  { series: 12, errors: 4, workers: MOST_WORKERS, notes: 3 },
  { series: 6, errors: 3, workers: MOST_WORKERS, notes: 3 },
  { series: 5, errors: 2, workers: 4, notes: 2 },
  { series: 3, errors: 1, workers: 3, notes: 1 },
  { series: 0, errors: 1, workers: 3, notes: 1 },
  { series: 0, errors: 0, workers: 2, notes: 1 },
];

/**
 * The lines of the live view, none wider than the terminal, and no more than it has. Pure: the same model gives the
 * same lines.
 */
export function renderLive(model: LiveModel, { color, width, rows = Infinity }: ViewOptions): string[] {
  const colors = picocolors.createColors(color);
  const top = [
    headline(model, colors, width),
    progress(model, colors, width),
    ...numbers(model, colors, width),
    ...rateLine(model, colors, width),
  ];
  // The last line is the cursor's.
  const room = rows - 1;
  let lines = top;
  for (const size of SIZES) {
    lines = [
      ...top,
      ...seriesPart(model, colors, width, size.series),
      ...errorPart(model, colors, width, size.errors),
      ...workerLines(model.workers, colors, width, size.workers),
      ...noteLines(model, colors, width, size.notes),
    ];
    if (lines.length <= room) return lines;
  }
  return lines.slice(0, Math.max(1, room));
}

function seriesPart(model: LiveModel, colors: Colors, width: number, most: number): string[] {
  const lines = most === 0 ? [] : seriesLines(model, colors, width, { most, aggregated: false });
  return lines.length === 0 ? [] : ['', ...lines];
}

function errorPart(model: LiveModel, colors: Colors, width: number, most: number): string[] {
  const lines = most === 0 ? [] : errorLines(model, colors, width, most);
  return lines.length === 0 ? [] : ['', ...lines];
}

function headline({ status }: LiveModel, colors: Colors, width: number): string {
  const state = status.paused ? 'paused' : oneLine(status.state);
  const paint =
    state === 'running' ? colors.green : ['aborted', 'failed'].includes(state) ? colors.red : colors.yellow;
  const target = status.target === undefined ? '' : ` → ${oneLine(status.target)}`;
  const waiting = status.waitingFor === undefined ? '' : `, waiting for ${oneLine(status.waitingFor)}`;
  const text = cutEnd(`${oneLine(status.scenario)}${target}${waiting}`, width - widthOf(state) - 4);
  return `${paint('●')} ${colors.bold(paint(state))}  ${text}`;
}

function progress({ status }: LiveModel, colors: Colors, width: number): string {
  const elapsed = formatClock(status.elapsedMs);
  if (status.plannedMs === null) return `${elapsed} ${colors.dim('elapsed, until stopped')}`;
  const part = status.plannedMs === 0 ? 1 : status.elapsedMs / status.plannedMs;
  const label = `${elapsed} / ${formatClock(status.plannedMs)}  ${Math.floor(Math.min(1, part) * 100)}%`;
  const { filled, rest } = progressBar(part, Math.max(4, Math.min(60, width - widthOf(label) - 2)));
  return `${colors.cyan(filled)}${colors.dim(rest)}  ${label}`;
}

function numbers({ status, current, totals }: LiveModel, colors: Colors, width: number): string[] {
  const failed = `${formatCount(totals.failures)} (${formatPercent(totals.failures, totals.requests)})`;
  const { connected, expected, missing } = status.workers;
  const plan = status.users === status.plannedUsers ? '' : ` of ${formatCount(status.plannedUsers)}`;
  const tone = totals.failures > 0 ? colors.red : undefined;
  return [
    '',
    ...flow(
      [
        { name: 'users', value: `${formatCount(status.users)}${plan}` },
        { name: 'requests', value: formatCount(totals.requests) },
        { name: 'failures', value: failed, paint: tone },
        {
          name: 'workers',
          value: `${connected}/${Math.max(connected + missing, expected)}`,
          paint: missing > 0 ? colors.red : undefined,
        },
      ],
      colors,
      width,
    ),
    ...flow(
      [
        { name: 'rate', value: formatRate(current.requests) },
        { name: 'p50', value: latency(current, current.p50Ms) },
        { name: 'p95', value: latency(current, current.p95Ms) },
        { name: 'p99', value: latency(current, current.p99Ms) },
        {
          name: 'failing',
          value: formatRate(current.failures),
          paint: current.failures > 0 ? colors.red : undefined,
        },
      ],
      colors,
      width,
    ),
  ];
}

interface Fact {
  readonly name: string;
  readonly value: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** Facts side by side, on as many lines as they need. */
function flow(facts: readonly Fact[], colors: Colors, width: number): string[] {
  const lines: string[] = [];
  let used = Infinity;
  for (const { name, value, paint = colors.bold } of facts) {
    const size = Math.max(15, name.length + 1 + widthOf(value)) + 3;
    const text = `${colors.dim(name)} ${paint(value)}${' '.repeat(size - name.length - 1 - widthOf(value))}`;
    if (used + size - 3 > width) lines.push('');
    used = (lines.at(-1) === '' ? 0 : used) + size;
    lines.push(`${lines.pop()!}${text}`);
  }
  return lines.map((line) => line.trimEnd());
}

function rateLine({ rates }: LiveModel, colors: Colors, width: number): string[] {
  const shown = rates.slice(-DRAWN_SECONDS);
  if (shown.length < 2 || width < 30) return [];
  const label = ` max ${formatRate(Math.max(...shown))}`;
  return [`${colors.cyan(sparkline(shown, width - widthOf(label)))}${colors.dim(label)}`];
}

/** The latest notes; all of them are in the report. */
function noteLines({ status }: LiveModel, colors: Colors, width: number, most: number): string[] {
  const lines = status.notes
    .slice(-most)
    .flatMap(({ message }) =>
      wrap(oneLine(message), width - 2).map((line, i) => colors.yellow(`${i === 0 ? '⚠' : ' '} ${line}`)),
    );
  return lines.length === 0 ? [] : ['', ...lines];
}
