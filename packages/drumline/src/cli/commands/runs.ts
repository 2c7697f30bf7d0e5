import { basename } from 'node:path';
import { DrumlineError, formatBytes, formatDuration } from '@drumline/model';
import type { RunSummary, UnreadableRun } from '@drumline/master/store';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { labelOption } from '../options/labels.js';
import { storedRunsOptions } from '../options/store.js';
import { wholeNumber, stringList } from '../options/values.js';

export const runs = defineCommand({
  usage: 'runs',
  about: 'List or delete stored runs',
  options: {
    ...storedRunsOptions,
    json: { type: 'boolean', default: false, describe: 'Print the list as JSON' },
    label: {
      ...labelOption,
      group: undefined,
      flagOnly: true,
      conflicts: ['delete', 'keep'],
      describe: 'List only runs with this label; if repeated, with all of them',
    },
    delete: stringList({
      describe: 'Delete these runs: ids, the beginnings of ids, or latest',
      conflicts: 'keep',
    }),
    keep: wholeNumber('keep', 0, {
      describe: 'Delete all but this many of the newest runs; runs in progress are never deleted',
    }),
  },
  examples: [
    ['', 'List the runs, the newest first'],
    ['--label branch=main', 'List the runs with a label'],
    ['--delete 3f2a9c01', 'Delete one run'],
    ['--keep 20', 'Delete all but the twenty newest'],
  ],
  run: async ({ dataDir, json, label, delete: ids, keep }) => {
    if (ids) return deleteNamed(dataDir, ids);
    if (keep !== undefined) return keepNewest(dataDir, keep);
    const { hasLabels, listRuns, runsDirectory } = await import('@drumline/master/store');
    const list = listRuns(dataDir).filter((run) => !label || (isReadable(run) && hasLabels(run, label)));
    if (json) console.log(JSON.stringify({ runs: list }, null, 2));
    else if (list.length === 0)
      console.log(`There are no runs${label ? ' with this label' : ''} in ${runsDirectory(dataDir)}.`);
    else console.log(table(list));
  },
});

/** @throws DrumlineError once every run was tried */
async function deleteNamed(dataDir: string, ids: readonly string[]): Promise<void> {
  const { deleteRun, findRun } = await import('@drumline/master/store');
  // Resolved before the first deletion, which could change the meaning of `latest`.
  const paths = new Set(ids.map((id) => findRun(dataDir, id)));
  const failures: DrumlineError[] = [];
  for (const path of paths) {
    try {
      printDeleted(path, deleteRun(path));
    } catch (error) {
      if (!(error instanceof DrumlineError)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first)
    throw new DrumlineError(first.exit, failures.map(({ message }) => message).join('\n'), first.hint);
}

async function keepNewest(dataDir: string, keep: number): Promise<void> {
  const { pruneRuns } = await import('@drumline/master/store');
  const { deleted, inProgress } = pruneRuns(dataDir, keep);
  for (const { path, bytes } of deleted) printDeleted(path, bytes);
  for (const path of inProgress) console.log(`kept     ${basename(path, '.db')}, which is in progress`);
  if (deleted.length + inProgress.length === 0) console.log('There is nothing to delete.');
}

function printDeleted(path: string, bytes: number): void {
  console.log(`deleted  ${basename(path, '.db')}, ${formatBytes(bytes)}`);
}

function table(list: readonly (RunSummary | UnreadableRun)[]): string {
  const readable = list.filter(isReadable);
  const hasAnyLabel = readable.some(({ labels }) => labels !== undefined);
  const head = [
    'run',
    'scenario',
    'stored at (UTC)',
    'duration',
    'requests',
    'failures',
    'verdict',
    'state',
    'size',
    ...(hasAnyLabel ? ['labels'] : []),
  ];
  const rows = readable.map((run) => [
    run.runId.slice(0, 8),
    run.scenario,
    run.createdAt.slice(0, 19).replace('T', ' '),
    formatDuration(run.durationMs),
    String(run.requests),
    String(run.failures),
    run.verdict ?? '–',
    run.state,
    formatBytes(run.bytes),
    ...(hasAnyLabel ? [labelsOf(run)] : []),
  ]);
  const problems = list.flatMap((run) => ('problem' in run ? [run.problem] : []));
  return [...(rows.length > 0 ? [columns([head, ...rows], [3, 4, 5, 8])] : []), ...problems].join('\n');
}

function isReadable(run: RunSummary | UnreadableRun): run is RunSummary {
  return !('problem' in run);
}

function labelsOf({ labels = {} }: RunSummary): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
