import type { PlanProblem } from '@drumline/model';
import { ON_FAILURE } from '../authoring/on-failure.js';
import { USER_FAILURE_KEYS } from '../authoring/option-keys.js';
import { findKeyProblems } from './key-problems.js';

const HINT = 'use one of ' + ON_FAILURE.map((policy) => `'${policy}'`).join(', ');

/** Checks the `onFailure` of a task or group. */
export function findFailureProblems(policy: unknown, where: string): PlanProblem[] {
  if (policy === undefined || (ON_FAILURE as readonly unknown[]).includes(policy)) return [];
  return [{ where, message: `${JSON.stringify(policy)} is not a failure policy`, hint: HINT }];
}

/** Checks the `onFailure` of a user type, which may set `onStart` and tasks separately. */
export function findUserFailureProblems(policy: unknown, where: string): PlanProblem[] {
  if (typeof policy !== 'object' || policy === null) return findFailureProblems(policy, where);
  const { onStart, tasks } = policy as { onStart?: unknown; tasks?: unknown };
  return [
    ...findKeyProblems(policy, USER_FAILURE_KEYS, where),
    ...findFailureProblems(onStart, `${where}.onStart`),
    ...findFailureProblems(tasks, `${where}.tasks`),
  ];
}
