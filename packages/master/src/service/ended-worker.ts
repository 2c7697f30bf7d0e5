import { DEFAULT_LANE_GROUP } from '@drumline/model';
import type { Hello, WorkerResult, WorkerView } from '@drumline/wire';
import type { WorkerHistory } from '../allocation/worker-history.js';

/**
 * A worker of a run that has ended, in the format of the API. Its figures are the highest of the
 * run; those that are not kept are 0.
 */
export function endedWorkerView(
  worker: WorkerResult,
  { name, pid, version }: Pick<Hello, 'name' | 'pid' | 'version'>,
  history: WorkerHistory,
): WorkerView {
  const { points, states } = history.stored;
  const stateOf = new Map(states);
  return {
    id: worker.id,
    name,
    host: worker.host,
    pid,
    version,
    state: worker.state,
    silentMs: 0,
    users: 0,
    requests: worker.requests,
    cpuPercent: worker.cpuPercent.control,
    memoryBytes: worker.memoryBytes,
    loopDelayMs: highest(points.map(({ loopDelayMs }) => loopDelayMs)),
    lanes: worker.cpuPercent.lanes.map((cpuPercent, lane) => ({
      lane,
      group: worker.laneGroups?.[lane] ?? DEFAULT_LANE_GROUP,
      state: stateOf.get(lane) ?? 'unknown',
      users: 0,
      cpuPercent,
      busyPercent: highest(points.map(({ lanesBusyPercent }) => lanesBusyPercent[lane] ?? 0)),
      memoryBytes: 0,
      loopDelayMs: 0,
      stalledMs: 0,
    })),
  };
}

function highest(values: readonly number[]): number {
  return Math.max(0, ...values);
}
