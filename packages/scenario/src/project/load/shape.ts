import {
  findRateProblem,
  rampAndHold,
  type LoadController,
  type Plan,
  type PlanProblem,
  type PlanWarning,
} from '@drumline/model';
import type { ShapeLoad } from '../../authoring/load/shape.js';
import type { PartDraft } from './collect.js';

/** A load that the scenario's function decides about. */
export function isShape(load: unknown): load is ShapeLoad<string> {
  return (load as { kind?: unknown } | null | undefined)?.kind === 'shape';
}

/** No users at first, in a part for each user type, so that a shape can change each. */
export function draftShape(users: readonly string[]): PartDraft[] {
  return users.map((name) => ({
    where: 'load',
    phase: '',
    user: name,
    startMs: 0,
    follows: [],
    workload: { kind: 'users', profile: rampAndHold(0) },
    isFollowed: false,
  }));
}

export function controllerOf({ options: { spawnRate } }: ShapeLoad<string>): LoadController {
  return { kind: 'shape', ...(spawnRate !== undefined && { spawnRate }) };
}

/** What is wrong with a shape. JavaScript authors have no compiler. */
export function findShapeProblems({ decide, options: { spawnRate } }: ShapeLoad<string>): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (typeof decide !== 'function')
    problems.push({
      where: 'load',
      message: 'is shape(…) without a function',
      hint: 'use for example shape(({ elapsedMs }) => (elapsedMs < 60_000 ? 50 : null))',
    });
  const problem = spawnRate === undefined ? undefined : findRateProblem(spawnRate);
  if (problem) problems.push({ where: 'load.spawnRate', ...problem });
  return problems;
}

/** A shape that is not called, because options set the load. */
export function findShapeWarnings({ controller }: Pick<Plan, 'controller'>, load: unknown): PlanWarning[] {
  if (!isShape(load) || controller !== undefined) return [];
  return [
    {
      code: 'shape-overridden',
      where: 'load',
      message: 'shape(…) is not called, because options of the command line set the load',
      hint: 'remove options such as --users and --rate to use it; --run-time can stay',
    },
  ];
}
