import { formatClock, formatCount, formatLatency as latency, formatPercent, formatRate } from './format.js';
import type { LiveModel } from './model.js';
import { oneLine } from './text.js';

/** One line that tells how a run is going, for logs and pipes. Without colours and without a line break. */
export function renderPlain({ status, current, totals }: LiveModel): string {
  const planned = status.plannedMs === null ? '' : `/${formatClock(status.plannedMs)}`;
  const { connected, expected, missing } = status.workers;
  return [
    `${formatClock(status.elapsedMs)}${planned}`,
    status.paused ? 'paused' : oneLine(status.state),
    `users ${formatCount(status.users)}/${formatCount(status.plannedUsers)}`,
    `rate ${formatRate(current.requests)}`,
    `failures ${formatCount(totals.failures)} (${formatPercent(totals.failures, totals.requests)})`,
    `p50 ${latency(current, current.p50Ms)} p95 ${latency(current, current.p95Ms)} p99 ${latency(current, current.p99Ms)}`,
    `workers ${connected}/${Math.max(connected + missing, expected)}`,
    ...(status.waitingFor === undefined ? [] : [`waiting for ${oneLine(status.waitingFor)}`]),
  ].join(' ');
}
