import { formatDuration } from '@drumline/model';
import type { RunView } from '@drumline/wire';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { callMaster, clientOptions } from '../options/client.js';

export const queue = defineCommand({
  usage: 'queue',
  about: 'List the runs of a master that are in progress or wait, with the reason',
  options: {
    ...clientOptions,
    all: { type: 'boolean', default: false, describe: 'Also list the runs that have ended' },
  },
  examples: [
    ['', 'List the runs that have not ended'],
    ['--all', 'List all runs whose results the master keeps'],
    ['--json', 'Print them as JSON'],
  ],
  run: async ({ json, all, ...args }) => {
    const query = { ...(!all && { state: ['active'] }), limit: 1_000 };
    const { runs } = await callMaster(args, (master) => master.runs(query));
    const listed = [...runs].sort(byPosition);
    if (json) console.log(JSON.stringify({ runs: listed }, null, 2));
    else if (listed.length > 0) console.log(table(listed));
    else console.log(all ? 'This master has no run.' : 'No run is in progress, and none waits.');
  },
});

/** Running runs first, then the queue in its order, then the ended ones. */
function byPosition(a: RunView, b: RunView): number {
  return placeOf(a) - placeOf(b);
}

function placeOf({ position = 0, endedAt }: RunView): number {
  return endedAt === undefined ? position : Number.MAX_SAFE_INTEGER;
}

function untilMs({ endedAt }: RunView): number {
  return endedAt === undefined ? Date.now() : Date.parse(endedAt);
}

function table(runs: readonly RunView[]): string {
  const head = ['', 'run', 'scenario', 'state', 'workers', 'for', 'waits for', 'labels'];
  const rows = runs.map((run) => [
    run.position === undefined ? '–' : String(run.position),
    run.runId.slice(0, 8),
    run.scenario,
    run.state,
    String(run.workersWanted),
    formatDuration(Math.max(0, untilMs(run) - Date.parse(run.startedAt ?? run.submittedAt))),
    run.waitingFor ?? '–',
    Object.entries(run.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ]);
  return columns([head, ...rows], [0, 4, 5]);
}
