import { isGrouped } from '@drumline/model';
import type { ClusterWorkerView, WorkerView } from '@drumline/wire';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { callMaster, runClientOptions } from '../options/client.js';

export const workers = defineCommand({
  usage: 'workers',
  about: 'List the workers and their state',
  options: {
    ...runClientOptions,
    lanes: { type: 'boolean', default: false, describe: 'Also show each lane' },
  },
  examples: [
    ['', 'Show one line for each worker'],
    ['--lanes', 'Add a line for each lane'],
  ],
  run: async ({ json, lanes, run, ...args }) => {
    const list = await callMaster(args, (master) =>
      run === undefined ? master.workers() : master.run(run).workers(),
    );
    if (json) console.log(JSON.stringify({ workers: list }, null, 2));
    else if (list.length === 0) console.log('No worker has joined yet.');
    else console.log(table(list, lanes));
  },
});

/** With the run of each worker, unless the list is of one run. */
function table(list: readonly (WorkerView & Partial<ClusterWorkerView>)[], withLanes: boolean): string {
  const showsRuns = list.some(({ runId }) => runId !== undefined);
  const head = [
    'worker',
    'host',
    'state',
    'lanes',
    'users',
    'requests',
    'CPU',
    'memory',
    'loop delay',
    'silent',
    ...(showsRuns ? ['run'] : []),
  ];
  const rows = list.flatMap((worker) => [
    [
      worker.name,
      worker.host,
      worker.state,
      String(worker.lanes.length),
      String(worker.users),
      String(worker.requests),
      percent(worker.cpuPercent),
      mebibytes(worker.memoryBytes),
      millis(worker.loopDelayMs),
      millis(worker.silentMs),
      ...(showsRuns ? [worker.runId?.slice(0, 8) ?? '–'] : []),
    ],
    ...(withLanes
      ? worker.lanes.map((lane) => laneRow(lane, isGrouped(worker.lanes.map(({ group }) => group))))
      : []),
  ]);
  return columns([head, ...rows], [3, 4, 5, 6, 7, 8, 9]);
}

function laneRow(lane: WorkerView['lanes'][number], grouped: boolean): string[] {
  const state = lane.stalledMs > 0 ? `${lane.state}, stalled ${millis(lane.stalledMs)}` : lane.state;
  return [
    `  lane ${lane.lane}${grouped ? ` (${lane.group})` : ''}`,
    '',
    state,
    '',
    String(lane.users),
    '',
    percent(lane.cpuPercent),
    mebibytes(lane.memoryBytes),
    millis(lane.loopDelayMs),
    '',
  ];
}

const percent = (value: number): string => `${Math.round(value)}%`;
const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
const millis = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
