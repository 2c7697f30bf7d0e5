import { formatDuration } from '@drumline/model';
import type { RunView } from '@drumline/wire';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { callMaster, clientOptions } from '../options/client.js';

export const queue = defineCommand({
  usage: 'queue',
  about: 'List the runs of a master that are in progress or wait, with the reason',
  options: clientOptions,
  examples: [
    ['', 'List the runs that have not ended'],
    ['--json', 'Print them as JSON'],
  ],
  run: async ({ json, ...args }) => {
    const query = { state: ['active'], limit: 1_000 };
    const { runs } = await callMaster(args, (master) => master.runs(query));
    const active = [...runs].sort(byPosition);
    if (json) console.log(JSON.stringify({ runs: active }, null, 2));
    else console.log(active.length === 0 ? 'No run is in progress, and none waits.' : table(active));
  },
});

/** Running runs first, then the queue in its order. */
function byPosition(a: RunView, b: RunView): number {
  return (a.position ?? 0) - (b.position ?? 0);
}

function table(runs: readonly RunView[]): string {
  const head = ['', 'run', 'scenario', 'state', 'workers', 'for', 'waits for', 'labels'];
  const rows = runs.map((run) => [
    run.position === undefined ? '–' : String(run.position),
    run.runId.slice(0, 8),
    run.scenario,
    run.state,
    String(run.workersWanted),
    formatDuration(Math.max(0, Date.now() - Date.parse(run.startedAt ?? run.submittedAt))),
    run.waitingFor ?? '–',
    Object.entries(run.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ]);
  return columns([head, ...rows], [0, 4, 5]);
}
