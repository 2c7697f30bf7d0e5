import type { WorkerView } from '@drumline/wire';
import { formatCount, formatMs } from './format.js';
import type { Colors } from './options.js';
import { type Cell, renderTable } from './table.js';
import { cutEnd, oneLine } from './text.js';

/** From these values on, a lane delays its own requests. */
const BUSY_PERCENT = 90;
const SLOW_LOOP_MS = 50;

/** Below this width, `cpu` and `loop delay` are omitted. */
const NARROW = 66;
const LEFT_OUT = [3, 4];

/** A table with a line per worker. If not all fit, those with problems come first. */
export function workerLines(
  workers: readonly WorkerView[],
  colors: Colors,
  width: number,
  maxLines: number,
): string[] {
  if (workers.length === 0) return [];
  const room = maxLines - 1;
  const most = workers.length <= room ? room : Math.max(1, room - 1);
  const shown = workers.length <= most ? workers : problemsFirst(workers).slice(0, most);
  const titles = ['worker', 'state', 'users', 'cpu', 'loop delay', 'lanes'];
  const rows = [
    titles.map((text): Cell => ({ text, paint: colors.dim })),
    ...shown.map((worker) => cells(worker, colors)),
  ];
  const columns =
    width < NARROW ? rows.map((row) => row.filter((_, column) => !LEFT_OUT.includes(column))) : rows;
  const left = workers.length - shown.length;
  const more = left > 0 ? [colors.dim(`+${left} more`)] : [];
  return [...renderTable(columns, width), ...more].slice(0, maxLines);
}

function cells(worker: WorkerView, colors: Colors): Cell[] {
  const cpu = busiestLane(worker);
  const delay = Math.max(worker.loopDelayMs, ...worker.lanes.map((lane) => lane.loopDelayMs));
  const stalled = hasProblem(worker);
  return [
    { text: oneLine(worker.name) },
    {
      text: cutEnd(stateOf(worker), 16),
      paint: worker.state === 'running' ? colors.green : isLost(worker) ? colors.red : colors.yellow,
    },
    { text: formatCount(worker.users) },
    { text: `${cpu.toFixed(0)}%`, ...(cpu >= BUSY_PERCENT && { paint: colors.red }) },
    { text: formatMs(delay), ...(delay >= SLOW_LOOP_MS && { paint: colors.yellow }) },
    { text: laneText(worker), ...(stalled && { paint: colors.red }) },
  ];
}

function stateOf({ state, silentMs }: WorkerView): string {
  const name = oneLine(state);
  return state === 'missing' || state === 'suspect' ? `${name} ${(silentMs / 1_000).toFixed(0)}s` : name;
}

/** `4 ok`, or the number of crashed or stalled lanes. */
function laneText({ lanes }: WorkerView): string {
  const crashed = lanes.filter((lane) => lane.state === 'crashed');
  const stalled = lanes.filter((lane) => lane.stalledMs > 0);
  if (crashed.length > 0) return `${crashed.length} of ${lanes.length} crashed`;
  if (stalled.length === 0) return `${lanes.length} ok`;
  const longest = Math.max(...stalled.map((lane) => lane.stalledMs));
  return `${stalled.length} of ${lanes.length} stalled ${(longest / 1_000).toFixed(0)}s`;
}

function busiestLane({ cpuPercent, lanes }: WorkerView): number {
  return lanes.length === 0 ? cpuPercent : Math.max(...lanes.map((lane) => lane.cpuPercent));
}

function isLost({ state }: WorkerView): boolean {
  return state === 'missing' || state === 'suspect';
}

function hasProblem({ lanes }: WorkerView): boolean {
  return lanes.some((lane) => lane.stalledMs > 0 || lane.state === 'crashed');
}

function problemsFirst(workers: readonly WorkerView[]): WorkerView[] {
  const rank = (worker: WorkerView) => Number(!isLost(worker) && !hasProblem(worker));
  return workers.toSorted((a, b) => rank(a) - rank(b));
}
