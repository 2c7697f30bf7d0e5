import {
  findTightLimits,
  formatDuration,
  groupsOfLanes,
  knownPeakUsers,
  needsPerLane,
  Redactor,
  sentenceOf,
  workerNeeds,
  type Plan,
  withoutLogin,
  type PlanProblem,
} from '@drumline/model';
import { readLimits } from '@drumline/worker/facts';
import { formatCount } from '../../view/format.js';
import { lengthText, loadRows, userRows } from '../../view/plan-load.js';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { defaultLanes } from '../options/lanes.js';
import { planOptions, readOverrides } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { readSecrets } from '../secrets/read.js';

export const check = defineCommand({
  usage: 'check [scenario]',
  about: 'Check a scenario, its types and its plan without running it',
  positionals: scenarioPositional,
  options: {
    types: { type: 'boolean', default: true, describe: 'Check the types; --no-types is faster' },
    json: { type: 'boolean', default: false, describe: 'Print the plan as JSON' },
    ...planOptions,
    ...secretOptions,
  },
  examples: [
    ['scenario.ts', 'Print the plan, or every problem at once'],
    ['scenario.ts -u 500 -r 10 -t 10m', 'Print the plan with these options'],
    ['scenario.ts --rate 10/s --stage 5m:400/s -t 15m', 'Ramp a rate, and hold it'],
  ],
  run: async (args) => {
    const scenario = requireScenario(args.scenario, 'check');
    const { checkScenario } = await import('@drumline/scenario/project');
    const secrets = readSecrets(args);
    const checked = await checkScenario(scenario, await readOverrides(args), { types: args.types, secrets });
    const { plan, warnings } = Redactor.of({ ...secrets, ...checked.secrets })?.data(checked) ?? checked;
    const shown = plan.target === undefined ? plan : { ...plan, target: withoutLogin(plan.target) };
    console.log(args.json ? JSON.stringify(shown, null, 2) : describe(shown));
    for (const warning of [...warnings, ...machineWarnings(plan)])
      console.error(`warning: ${sentenceOf(warning)}`);
  },
});

/** Warnings for a worker on this machine with the default lanes of `drumline run`. */
function machineWarnings(plan: Plan): PlanProblem[] {
  const lanes = groupsOfLanes(plan.laneGroups, defaultLanes());
  const needs = workerNeeds(plan, lanes, needsPerLane(plan, plan.load, lanes));
  const where = 'A worker on this machine';
  return findTightLimits(readLimits(), needs).map(({ message, hint }) => ({ where, message, hint }));
}

function describe(plan: Plan): string {
  const { load, tags } = plan;
  const peak = knownPeakUsers(load);
  const rows: string[][] = [
    ['scenario', plan.name],
    ['target', plan.target ?? 'none: requests need absolute URLs, and gRPC services need a target'],
    ...userRows(plan),
    ...loadRows(plan),
    ...(peak === 0 ? [] : [['peak', `${formatCount(peak)} ${peak === 1 ? 'user' : 'users'}`]]),
    ['length', lengthText(plan)],
    ['stop', `running tasks have ${formatDuration(plan.stopTimeoutMs)} to finish`],
  ];
  rows.push(...parameterRows(plan));
  if (tags.include.length > 0) rows.push(['tags', tags.include.join(', ')]);
  if (tags.exclude.length > 0) rows.push(['without', tags.exclude.join(', ')]);
  rows.push(...laneRows(plan));
  if (plan.hasSetup) rows.push(['setup', 'yes']);
  if (plan.hasTeardown) rows.push(['teardown', 'yes']);
  return columns(rows);
}

function parameterRows({ parameters = {}, parameterFacts = [] }: Plan): string[][] {
  return parameterFacts.map(({ name, source, help }, index) => {
    const value = Object.hasOwn(parameters, name) ? String(parameters[name]) : 'not set';
    const from = source === 'default' ? ' (default)' : source === 'environment' ? ' (environment)' : '';
    return [
      index === 0 ? 'parameters' : '',
      `${name}: ${value}${from}${help === undefined ? '' : `; ${help}`}`,
    ];
  });
}

function laneRows({ userTypes, laneGroups }: Plan): string[][] {
  if (laneGroups.length === 1) return [];
  return laneGroups.map(({ name, users, lanes }, index) => {
    const types = userTypes.filter(({ laneGroup }) => laneGroup === name).map((type) => type.name);
    const count = lanes === undefined ? '' : `, ${formatCount(lanes)} on each worker`;
    return [
      index === 0 ? 'lanes' : '',
      `${name}: ${types.join(', ')}; ${formatCount(users)} users at the peak${count}`,
    ];
  });
}
