import { describeRefusals, formatDuration, formatLoadRate } from '@drumline/model';
import type { StatusView } from '@drumline/wire';
import { formatCount } from '../../view/format.js';
import { describeException } from '../../view/summary-parts.js';
import { defineCommand } from '../command.js';
import { callRun, runClientOptions } from '../options/client.js';
import { columns } from '../columns.js';
import { stageText } from '../../view/stages.js';
import { describeOutput } from '../../view/outputs.js';
import { describeLimitStep } from '../../view/limit.js';
import { describeThreshold } from '../../view/thresholds.js';

export const status = defineCommand({
  usage: 'status',
  about: 'Show the state of the run',
  options: runClientOptions,
  examples: [
    ['', 'Show the run of the master on this machine'],
    ['--json', 'Print JSON for scripts'],
  ],
  run: async ({ json, ...args }) => {
    const view = await callRun(args, (run) => run.status());
    console.log(json ? JSON.stringify(view, null, 2) : describe(view));
  },
});

function describe(view: StatusView): string {
  const planned = view.plannedMs === null ? ', until stopped' : ` of ${formatDuration(view.plannedMs)}`;
  const { connected, expected, missing } = view.workers;
  const rows: [string, string][] = [
    ['scenario', view.scenario],
    ['target', view.target ?? '–'],
    ['state', view.paused ? `${view.state}, paused` : view.state],
    ...(view.waitingFor === undefined ? [] : [['waiting for', view.waitingFor] as [string, string]]),
    ['time', `${formatDuration(view.elapsedMs)}${planned}`],
    ...view.stages.map((stage, index): [string, string] => [
      index === 0 ? 'stage' : '',
      stageText(view, stage),
    ]),
    ...(view.plannedRate === undefined
      ? []
      : [['planned rate', formatLoadRate(view.plannedRate)] as [string, string]]),
    ['users', describeUsers(view)],
    ['workers', `${connected} of ${expected} expected${missing > 0 ? `, ${missing} missing` : ''}`],
    ['workers join', view.address],
  ];
  if (view.quantilesEverySeconds > 1)
    rows.push(['quantiles', `of series every ${view.quantilesEverySeconds}s, because the master is busy`]);
  const { requests, checks, exceptions, newestException } = view.failed;
  rows.push([
    'failed',
    `requests ${formatCount(requests)}, checks ${formatCount(checks)}, exceptions ${formatCount(exceptions)}`,
  ]);
  if (newestException) rows.push(['newest exception', describeException(newestException)]);
  for (const refused of describeRefusals(view.refusals)) rows.push(['refused', refused]);
  for (const threshold of view.thresholds ?? []) rows.push(['threshold', describeThreshold(threshold)]);
  if (view.limit) rows.push(['limit', describeLimitStep(view.limit)]);
  for (const output of view.outputs ?? []) rows.push(['output', describeOutput(output)]);
  const notes = view.notes.map(({ message }) => `note: ${message}`);
  return [columns(rows), ...notes].join('\n');
}

/** `80 of 100, 10 may still be running on unreachable workers`. */
function describeUsers({ users, plannedUsers, placedUsers, cutOffUsers }: StatusView): string {
  const waiting = plannedUsers - placedUsers;
  return [
    // A load with a rate plans none, nor does a run that stops.
    plannedUsers === 0 ? formatCount(users) : `${formatCount(users)} of ${formatCount(plannedUsers)}`,
    ...(waiting > 0 ? [`${formatCount(waiting)} waiting to be placed`] : []),
    ...(cutOffUsers > 0 ? [`${formatCount(cutOffUsers)} may still be running on unreachable workers`] : []),
  ].join(', ');
}
