import { findUsersProblem, type PlanProblem } from '@drumline/model';
import { CHOICE_KEYS, GROUP_KEYS, TASK_KEYS, USER_KEYS } from '../authoring/option-keys.js';
import type { TaskGroup } from '../authoring/tasks.js';
import type { UserType } from '../authoring/user.js';
import { findBindingProblems } from './binding-problems.js';
import { findFailureProblems, findUserFailureProblems } from './failure-problems.js';
import { findKeyProblems } from './key-problems.js';
import { findLaneProblems } from './lane-groups.js';

/** The largest weight. Weights are relative, so larger ones are never needed. */
const MAX_WEIGHT = 1_000_000;

/** Every problem of the user types. JavaScript authors have no compiler, so nothing is assumed. */
export function findUserProblems(users: unknown): PlanProblem[] {
  if (!Array.isArray(users) || users.length === 0) {
    return [
      {
        where: 'users',
        message: 'there are no user types',
        hint: "users: [user('visitor', { tasks: { … } })]",
      },
    ];
  }
  const problems: PlanProblem[] = [];
  const seen = new Set<string>();
  const laneCounts = new Map<string, number>();
  let weighted = false;
  users.forEach((type: Partial<UserType> | undefined, index) => {
    const where = `users[${index}]`;
    if (type?.kind !== 'user' || typeof type.spec !== 'object' || type.spec === null) {
      problems.push({
        where,
        message: 'is not a user type',
        hint: "create it with user('name', { tasks: { … } })",
      });
      return;
    }
    const { name } = type;
    if (typeof name !== 'string' || name === '') problems.push({ where, message: 'has no name' });
    else if (seen.has(name)) problems.push({ where, message: `the name '${name}' is already in use` });
    seen.add(String(name));
    problems.push(...findKeyProblems(type.spec, USER_KEYS, where));
    const { weight, fixedCount, wait } = type.spec;
    if (weight !== undefined && !(weight >= 0 && weight <= MAX_WEIGHT)) {
      problems.push({
        where: `${where}.weight`,
        message: `${weight} is not a weight`,
        hint: 'use a number from 0 to 1,000,000',
      });
    }
    const countProblem = fixedCount === undefined ? undefined : findUsersProblem(fixedCount);
    if (countProblem) problems.push({ where: `${where}.fixedCount`, ...countProblem });
    problems.push(...findLaneProblems(type.spec.lanes, `${where}.lanes`, laneCounts));
    if (wait !== undefined && typeof wait !== 'function' && typeof wait?.delayMs !== 'function') {
      problems.push({
        where: `${where}.wait`,
        message: 'is not a wait time',
        hint: "use constant('1s'), between('1s', '3s'), pacing('5s') or throughput(2)",
      });
    }
    problems.push(...findBindingProblems(type.spec.data, `${where}.data`));
    for (const hook of ['onStart', 'onStop'] as const) {
      if (type.spec[hook] !== undefined && typeof type.spec[hook] !== 'function') {
        problems.push({ where: `${where}.${hook}`, message: 'is not a function' });
      }
    }
    problems.push(...findUserFailureProblems(type.spec.onFailure, `${where}.onFailure`));
    if (fixedCount !== undefined || (weight ?? 1) > 0) weighted = true;
    problems.push(...walkRoot(type.spec.tasks, `${where}.tasks`));
  });
  if (problems.length === 0 && !weighted) {
    problems.push({ where: 'users', message: 'every weight is 0, so no users would run' });
  }
  return problems;
}

/** Checks the tasks of a user type: tasks by name, or one group. */
function walkRoot(tasks: unknown, where: string): PlanProblem[] {
  const isGroup = typeof tasks === 'object' && tasks !== null && 'kind' in tasks && tasks.kind === 'group';
  return isGroup ? walk(tasks, where) : walkTasks(tasks, where);
}

function walk(node: unknown, where: string): PlanProblem[] {
  if (typeof node === 'function') return [];
  if (typeof node !== 'object' || node === null) {
    return [
      {
        where,
        message: 'is not a task',
        hint: 'use a function, task(weight, function), inOrder({ … }) or anyOf({ … })',
      },
    ];
  }
  if ('kind' in node && node.kind === 'task') return walkEntry(node as never, where);
  if ('kind' in node && node.kind === 'group') {
    const { order, picks, onFailure, tasks, options } = node as Partial<
      Record<keyof TaskGroup<unknown>, unknown>
    >;
    const known = order === 'sequence' ? GROUP_KEYS : CHOICE_KEYS;
    const wrong =
      Number.isInteger(picks) && (picks as number) >= 1
        ? []
        : [{ where, message: `picks is ${String(picks)}`, hint: 'use a whole number of at least 1' }];
    return [
      ...findKeyProblems(options, known, where),
      ...findFailureProblems(onFailure, `${where}.onFailure`),
      ...wrong,
      ...walkTasks(tasks, where),
    ];
  }
  return [
    {
      where,
      message: 'is not a task',
      hint: 'to group tasks, use inOrder({ … }) or anyOf({ … })',
    },
  ];
}

function walkEntry(
  { options, body }: { options?: { weight?: unknown; tags?: unknown; onFailure?: unknown }; body?: unknown },
  where: string,
): PlanProblem[] {
  const problems = findKeyProblems(options, TASK_KEYS, where);
  const { weight, tags, onFailure } = options ?? {};
  problems.push(...findFailureProblems(onFailure, `${where}.onFailure`));
  if (weight !== undefined && !(typeof weight === 'number' && weight >= 0 && weight <= MAX_WEIGHT)) {
    problems.push({
      where,
      message: `${JSON.stringify(weight)} is not a weight`,
      hint: 'use a number from 0 to 1,000,000',
    });
  }
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) {
    problems.push({ where, message: 'tags must be an array of strings' });
  }
  return [...problems, ...walk(body, where)];
}

function walkTasks(tasks: unknown, where: string): PlanProblem[] {
  if (typeof tasks !== 'object' || tasks === null || Object.keys(tasks).length === 0) {
    return [{ where, message: 'has no tasks', hint: 'tasks: { browse: async ({ http }) => { … } }' }];
  }
  return Object.entries(tasks).flatMap(([name, child]) => walk(child, `${where}.${name}`));
}
