import { randomInt } from 'node:crypto';
import {
  DEFAULT_MAX_SERIES,
  formatDuration,
  MAX_FAILURE_SAMPLES,
  MAX_WAIT_MS,
  messageOf,
  ProblemsError,
  type Plan,
  type PlanOverrides,
  type PlanProblem,
  type TagFilter,
  parseDuration,
} from '@drumline/model';
import { targetProblem } from '@drumline/drivers/url';
import { MASTER_HOOK_KEYS, SCENARIO_KEYS, WORKER_HOOK_KEYS } from '../authoring/option-keys.js';
import type { Scenario, ScenarioSpec } from '../authoring/scenario.js';
import type { UserType } from '../authoring/user.js';
import type { ResolvedParameters } from '../runtime/parameters.js';
import { selectTasks, taskNames } from '../runtime/task-tree.js';
import { outputsOf } from './outputs.js';
import { connectionsOf, sourceAddressesOf } from './connections.js';
import { findKeyProblems } from './key-problems.js';
import { laneGroupOf, laneGroupsOf } from './lane-groups.js';
import { draftLoad, planLoad } from './load/plan-load.js';
import type { SharingType } from './load/problems.js';
import { thresholdsOf } from './thresholds.js';
import { findUserProblems } from './user-problems.js';

const DEFAULT_STOP_TIMEOUT_MS = 30_000;

/** Facts about a scenario that are known before its plan is made. */
interface KnownBefore {
  /** Every identifier in the scenario's own code. */
  readonly words: ReadonlySet<string>;
  /** Environment variables of this process that the code mentions. */
  readonly variablesHere: readonly string[];
  readonly problems: readonly PlanProblem[];
  readonly parameters?: Pick<ResolvedParameters, 'values' | 'facts'>;
  readonly tables?: Plan['tables'];
  readonly seed?: number;
}

const NOTHING_KNOWN: KnownBefore = { words: new Set(), variablesHere: [], problems: [] };

/** The plan of a scenario with the command-line options applied, or every problem of it. */
export async function planOf(
  { spec }: Scenario,
  fileName: string,
  overrides: PlanOverrides,
  known: KnownBefore = NOTHING_KNOWN,
): Promise<{ plan: Plan } | { problems: PlanProblem[] }> {
  const problems = findKeyProblems(spec, SCENARIO_KEYS, '');
  const target = overrides.target ?? spec.target;
  problems.push(...findTargetProblems(target, overrides.target === undefined ? 'target' : '--target'));
  const tags = { include: overrides.tags ?? [], exclude: overrides.excludeTags ?? [] };
  problems.push(...findUserProblems(spec.users));
  problems.push(...(await findSettingsProblems(spec)));
  problems.push(...findFunctionProblems(spec), ...known.problems);
  const userNames = Array.isArray(spec.users) ? spec.users.map((type) => String(type?.name)) : [];
  const thresholds = thresholdsOf(spec.thresholds, overrides, userNames, problems);
  const draft = draftLoad(spec.load, sharingTypes(spec.users), overrides, problems);
  const failureSamples = overrides.failureSamples ?? failureSamplesOf(spec, problems);
  const outputs = outputsOf(spec, problems);
  const stopTimeoutMs = overrides.stopTimeoutMs ?? durationOf(spec.stopTimeout, 'stopTimeout', problems);
  const users = problems.length > 0 ? [] : usersWithTasks(spec, tags);
  if (problems.length === 0 && users.length === 0) {
    problems.push({
      where: 'users',
      message: 'no task of any user type is left after --tags and --exclude-tags',
    });
  }
  if (problems.length > 0) return { problems };
  const userTypes = users.map(({ name, spec: { weight = 1, fixedCount, lanes, tasks, http } }) => {
    const { most, kept } = connectionsOf(http, spec, known.words);
    return {
      name,
      weight,
      laneGroup: laneGroupOf(lanes),
      tasks: taskNames(selectTasks(tasks, tags)),
      ...(fixedCount === undefined ? {} : { fixedCount }),
      ...withoutEmpty({ connections: most || undefined, keptConnections: kept || undefined }),
    };
  });
  const lanes = users.map((type) => type.spec.lanes);
  const seed = overrides.seed ?? known.seed ?? randomInt(2 ** 32);
  const tables = [...(known.tables ?? [])];
  const load = planLoad(
    draft,
    userTypes.map(({ name }) => name),
    seed,
    (table) => tables.push(table) - 1,
  );
  return {
    plan: {
      name: spec.name ?? fileName,
      target,
      userTypes,
      laneGroups: laneGroupsOf(userTypes, lanes, load),
      load,
      seed,
      tags,
      stopTimeoutMs: stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS,
      maxSeries: overrides.maxSeries ?? DEFAULT_MAX_SERIES,
      ...withoutEmpty({
        thresholds: emptyAsNone(thresholds),
        controller: draft.controller,
        failureSamples,
        outputs,
        environment: emptyAsNone(overrides.environment ?? {}),
        labels: emptyAsNone(overrides.labels ?? {}),
        parameters: emptyAsNone(known.parameters?.values ?? {}),
        parameterFacts: emptyAsNone(known.parameters?.facts ?? []),
        tables: emptyAsNone(tables),
        variablesHere: emptyAsNone(known.variablesHere),
        sourceAddresses: sourceAddressesOf(spec),
      }),
      hasSetup: spec.setup !== undefined,
      hasTeardown: spec.teardown !== undefined,
      masterHooks: Object.keys(spec.onMaster ?? {}),
    },
  };
}

/** Removes undefined fields. */
function withoutEmpty<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Partial<T>;
}

function emptyAsNone<T extends object>(part: T): T | undefined {
  return Object.keys(part).length === 0 ? undefined : part;
}

/** The user types that still have tasks after the tags are applied. */
function usersWithTasks({ users }: ScenarioSpec, tags: TagFilter): ScenarioSpec['users'] {
  return users.filter(({ spec }) => selectTasks(spec.tasks, tags).children.length > 0);
}

/** All problems as one error. */
export function problemsError(fileName: string, problems: readonly PlanProblem[]): ProblemsError {
  const lines = problems.map(
    ({ where, message, hint }) => `  ${where}: ${message}${hint === undefined ? '' : `\n      → ${hint}`}`,
  );
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new ProblemsError(`${fileName} has ${count}:\n${lines.join('\n')}`, problems);
}

/** The user types as far as they are valid. JavaScript authors have no compiler. */
function sharingTypes(users: unknown): SharingType[] {
  if (!Array.isArray(users)) return [];
  return users.flatMap((type: Partial<UserType> | undefined) =>
    typeof type?.name === 'string' && typeof type.spec === 'object' && type.spec !== null
      ? [{ name: type.name, weight: type.spec.weight, fixedCount: type.spec.fixedCount }]
      : [],
  );
}

function findTargetProblems(target: unknown, where: string): PlanProblem[] {
  if (target === undefined) return [];
  const hint = 'use a complete URL, such as https://shop.example';
  if (typeof target !== 'string' || !URL.canParse(target)) {
    return [{ where, message: `${JSON.stringify(target)} is not a URL`, hint }];
  }
  const message = targetProblem(target);
  return message === undefined ? [] : [{ where, message, hint }];
}

/** Checks HTTP settings. The checks are loaded only if there are settings, as they load TLS. */
async function findSettingsProblems({ http, users }: ScenarioSpec): Promise<PlanProblem[]> {
  const own: unknown[] = Array.isArray(users)
    ? users.map((type) => (type as Partial<UserType>)?.spec?.http)
    : [];
  if ([http, ...own].every((settings) => settings === undefined)) return [];
  const { findHttpProblems } = await import('@drumline/drivers/check');
  return [
    ...findHttpProblems(http, 'http'),
    ...own.flatMap((settings, index) => findHttpProblems(settings, `users[${index}].http`, http)),
  ];
}

const HOOK_SIDES = [
  ['onMaster', MASTER_HOOK_KEYS],
  ['onWorker', WORKER_HOOK_KEYS],
] as const;

function findFunctionProblems(spec: ScenarioSpec): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const { setup, teardown } = spec;
  if (setup !== undefined && typeof setup !== 'function' && setup?.kind !== 'setup') {
    problems.push({ where: 'setup', message: 'must be a function or setup(…)' });
  }
  if (teardown !== undefined && typeof teardown !== 'function') {
    problems.push({ where: 'teardown', message: 'is not a function' });
  }
  for (const [side, known] of HOOK_SIDES) {
    problems.push(...findKeyProblems(spec[side], known, side));
    for (const [event, hook] of Object.entries(spec[side] ?? {})) {
      if (typeof hook !== 'function')
        problems.push({ where: `${side}.${event}`, message: 'is not a function' });
    }
  }
  return problems;
}

function durationOf(
  value: ScenarioSpec['stopTimeout'],
  where: string,
  problems: PlanProblem[],
): number | undefined {
  if (value === undefined) return undefined;
  try {
    const ms = parseDuration(value);
    if (ms <= MAX_WAIT_MS) return ms;
    throw new RangeError(`is longer than ${formatDuration(MAX_WAIT_MS)}`);
  } catch (error) {
    problems.push({ where, message: messageOf(error) });
    return undefined;
  }
}

function failureSamplesOf({ failureSamples }: ScenarioSpec, problems: PlanProblem[]): number | undefined {
  const where = 'failureSamples';
  if (failureSamples === undefined) return undefined;
  if (Number.isInteger(failureSamples) && failureSamples >= 0 && failureSamples <= MAX_FAILURE_SAMPLES)
    return failureSamples;
  const message = `must be a whole number from 0 to ${MAX_FAILURE_SAMPLES}, not ${JSON.stringify(failureSamples)}`;
  problems.push({ where, message });
  return undefined;
}
