import { formatLoadRate } from '@drumline/model';
import { formatClock, formatCount, formatLatency as latency, formatPercent, formatRate } from './format.js';
import { describeLimitStep } from './limit.js';
import { sumOfStarts } from './schedule.js';
import { stageText } from './stages.js';
import type { LiveModel } from './model.js';
import { describeOutput, isFailing } from './outputs.js';
import type { Colors } from './options.js';
import { progressBar, sparkline } from './sparkline.js';
import { statusFacts } from './summary-statuses.js';
import { cutEnd, oneLine, padEnd, widthOf } from './text.js';

/** Length of the drawn rate, seconds. */
const DRAWN_SECONDS = 60;
/** From this width on, facts are aligned in columns. */
const ALIGNED_FROM = 100;
const COLUMN = 15;
/** Maximum number of parts whose stages are shown. */
const MAX_STAGES = 3;

/** The state of the run, its progress and its main figures. */
export function headLines(model: LiveModel, colors: Colors, width: number): string[] {
  return [
    headline(model, colors, width),
    progress(model, colors, width),
    ...stageLines(model, colors, width),
    '',
    ...factLines(model, colors, width),
    ...statusLine(model, colors, width),
    ...rateLines(model, colors, width),
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

/** The current stage of each part. */
function stageLines({ status }: LiveModel, colors: Colors, width: number): string[] {
  const { stages } = status;
  const shown = stages.slice(0, stages.length > MAX_STAGES ? MAX_STAGES - 1 : MAX_STAGES);
  const more = stages.length - shown.length;
  return [
    ...(status.limit ? [`limit: ${describeLimitStep(status.limit)}`] : []),
    ...(status.limit ? [] : shown.map((stage) => stageText(status, stage))),
    ...(more > 0 ? [`+${formatCount(more)} more`] : []),
    ...(status.outputs ?? []).filter(isFailing).map((output) => `output ${describeOutput(output)}`),
  ].map((text) => colors.dim(cutEnd(oneLine(text), width)));
}

interface Fact {
  readonly name: string;
  readonly value: string;
  readonly paint?: ((text: string) => string) | undefined;
}

function totalFacts(model: LiveModel, colors: Colors): Fact[] {
  const { status, totals, checks } = model;
  const { connected, expected, missing } = status.workers;
  const { failed } = status;
  // While the run stops, no users are planned. The remaining ones finish their tasks.
  const isEnding = status.plannedUsers === 0 || status.users === status.plannedUsers;
  const plan = isEnding ? '' : ` of ${formatCount(status.plannedUsers)}`;
  const share = `${formatCount(totals.failures)} (${formatPercent(totals.failures, totals.requests)})`;
  const alarm = (count: number): Fact['paint'] => (count > 0 ? colors.red : undefined);
  return [
    { name: 'users', value: `${formatCount(status.users)}${plan}` },
    ...startFacts(model, colors),
    { name: 'requests', value: formatCount(totals.requests) },
    { name: 'failures', value: share, paint: alarm(totals.failures) },
    ...(checks.length > 0
      ? [{ name: 'failed checks', value: formatCount(failed.checks), paint: alarm(failed.checks) }]
      : []),
    { name: 'exceptions', value: formatCount(failed.exceptions), paint: alarm(failed.exceptions) },
    {
      name: 'workers',
      value: `${connected}/${Math.max(connected + missing, expected)}`,
      paint: alarm(missing),
    },
  ];
}

/** The rate of arrivals and iterations, and those that were not started in time. */
function startFacts({ status, current, schedule }: LiveModel, colors: Colors): Fact[] {
  const { plannedRate } = status;
  const { late, dropped } = sumOfStarts(schedule);
  return [
    ...(plannedRate === undefined
      ? []
      : [
          {
            name: 'starts',
            value: `${formatRate(current.starts?.started ?? 0)} of ${formatLoadRate(plannedRate)}`,
          },
        ]),
    ...(dropped > 0 ? [{ name: 'dropped', value: formatCount(dropped), paint: colors.red }] : []),
    ...(late > 0 ? [{ name: 'late', value: formatCount(late), paint: colors.yellow }] : []),
  ];
}

function currentFacts({ current, status }: LiveModel, colors: Colors): Fact[] {
  const every = status.quantilesEverySeconds;
  const alarm = (count: number): Fact['paint'] => (count > 0 ? colors.red : undefined);
  return [
    { name: 'rate', value: formatRate(current.requests) },
    { name: 'p50', value: latency(current, current.p50Ms) },
    { name: 'p95', value: latency(current, current.p95Ms) },
    { name: 'p99', value: latency(current, current.p99Ms) },
    { name: 'failing', value: formatRate(current.failures), paint: alarm(current.failures) },
    // Quantiles of series, while the master is too busy for more.
    ...(every > 1 ? [{ name: 'series every', value: `${every}s`, paint: colors.yellow }] : []),
  ];
}

/** Requests by status, in one line. */
function statusLine({ totals }: LiveModel, colors: Colors, width: number): string[] {
  const text = statusFacts(totals);
  return text === undefined ? [] : [colors.dim(cutEnd(text, width))];
}

/** Two aligned lines. A narrow terminal shows the facts without alignment. */
function factLines(model: LiveModel, colors: Colors, width: number): string[] {
  const [totals, current] = [totalFacts(model, colors), currentFacts(model, colors)];
  if (width < ALIGNED_FROM) return flow([...totals, ...current], colors, width, 0);
  return [totals, current].flatMap((facts) => flow(facts, colors, width, COLUMN));
}

/** Facts side by side, on as many lines as they need. @param column minimum width of a fact */
function flow(facts: readonly Fact[], colors: Colors, width: number, column: number): string[] {
  const lines: string[] = [];
  let used = Infinity;
  for (const { name, value, paint = colors.bold } of facts) {
    const size = Math.max(column, name.length + 1 + widthOf(value)) + 3;
    const text = `${colors.dim(name)} ${paint(value)}${' '.repeat(size - name.length - 1 - widthOf(value))}`;
    if (used + size - 3 > width) lines.push('');
    used = (lines.at(-1) === '' ? 0 : used) + size;
    lines.push(`${lines.pop()!}${text}`);
  }
  return lines.map((line) => line.trimEnd());
}

/** The request rate of the last minute, and that of failures and exceptions, if there were any. */
function rateLines({ seconds }: LiveModel, colors: Colors, width: number): string[] {
  const shown = seconds.slice(-DRAWN_SECONDS);
  if (shown.length < 2 || width < 30) return [];
  const requests = shown.map((second) => second.requests);
  const failing = shown.map((second) => second.failures + (second.exceptions ?? 0));
  const label = ` requests, max ${formatRate(Math.max(...requests))}`;
  const failingLabel = ` failures and exceptions, max ${formatRate(Math.max(...failing))}`;
  const room = width - Math.max(widthOf(label), failing.some(Boolean) ? widthOf(failingLabel) : 0);
  const drawn = Math.min(room, shown.length);
  const line = `${colors.cyan(padEnd(sparkline(requests, room), drawn))}${colors.dim(label)}`;
  if (!failing.some(Boolean)) return [line];
  return [line, `${colors.red(padEnd(sparkline(failing, room), drawn))}${colors.dim(failingLabel)}`];
}
