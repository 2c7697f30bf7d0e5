import { fixedCountMismatch, peakUsers, type Plan, type PlanWarning } from '@drumline/model';
import { findFloatingCalls } from './floating.js';
import type { PlaceFinder } from './source-place.js';

/** A scenario's own code, and where each part of it comes from. */
export interface OwnCode {
  readonly lines: readonly string[];
  readonly placeOf: PlaceFinder;
}

/** What is probably not meant in a plan that can be run. */
export function findPlanWarnings(plan: Plan, code: OwnCode): PlanWarning[] {
  return [...findCountWarnings(plan), ...findFloatingWarnings(code), ...findTargetWarnings(plan, code)];
}

function findCountWarnings({ userTypes, load }: Plan): PlanWarning[] {
  const mismatch = fixedCountMismatch(userTypes, peakUsers(load));
  if (mismatch === undefined) return [];
  const hint = 'change fixedCount or --users, or give a user type a weight in place of a fixed count';
  return [{ code: 'fixed-counts', where: 'users', message: mismatch, hint }];
}

function findFloatingWarnings({ lines, placeOf }: OwnCode): PlanWarning[] {
  return findFloatingCalls(lines).map(({ call, line, column }) => ({
    code: 'floating-promise',
    where: placeOf(line, column),
    message: `nothing waits for ${call}, so it is cut off from the task that makes it`,
    hint: call.startsWith('forEach')
      ? 'write for (const item of items) with await, or await Promise.all(items.map(async …))'
      : 'write await before it; background(…) is for what goes on beside the tasks',
  }));
}

/** A relative URL as text within the call of a request. */
const RELATIVE = /\bhttp\.(?:get|post|put|patch|delete|head|options|events)\(\s*["'`](\/[^"'`]*)/;

function findTargetWarnings({ target }: Plan, { lines, placeOf }: OwnCode): PlanWarning[] {
  if (target !== undefined) return [];
  const line = lines.findIndex((text) => RELATIVE.test(text));
  if (line < 0) return [];
  const { index, 1: path } = RELATIVE.exec(lines[line]!)!;
  return [
    {
      code: 'no-target',
      where: placeOf(line, index),
      message: `'${path}' is relative, and there is no target`,
      hint: "set target in scenario({ target: 'https://…' }), or pass --target",
    },
  ];
}
