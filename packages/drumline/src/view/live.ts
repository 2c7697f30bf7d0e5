import picocolors from 'picocolors';
import { formatClock, formatCount, formatMs, formatPercent, formatRate } from './format.js';
import { workerLines } from './live-workers.js';
import type { LiveModel } from './model.js';
import type { Colors, ViewOptions } from './options.js';
import { progressBar, sparkline } from './sparkline.js';
import { cutEnd, oneLine, widthOf, wrap } from './text.js';

/** Notes shown; all of them are in the report. */
const LATEST_NOTES = 3;

/** Seconds of the rate that are drawn. */
const DRAWN_SECONDS = 60;

/** The lines of the live view, none wider than the terminal. Pure: the same model gives the same lines. */
export function renderLive(model: LiveModel, { color, width }: ViewOptions): string[] {
  const colors = picocolors.createColors(color);
  return [
    headline(model, colors, width),
    progress(model, colors, width),
    ...numbers(model, colors, width),
    ...rateLine(model, colors, width),
    ...workerLines(model.workers, colors, width),
    ...noteLines(model, colors, width),
  ];
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
        { name: 'p50', value: formatMs(current.p50Ms) },
        { name: 'p95', value: formatMs(current.p95Ms) },
        { name: 'p99', value: formatMs(current.p99Ms) },
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

function noteLines({ status }: LiveModel, colors: Colors, width: number): string[] {
  const lines = status.notes
    .slice(-LATEST_NOTES)
    .flatMap(({ message }) =>
      wrap(oneLine(message), width - 2).map((line, i) => colors.yellow(`${i === 0 ? '⚠' : ' '} ${line}`)),
    );
  return lines.length === 0 ? [] : ['', ...lines];
}
