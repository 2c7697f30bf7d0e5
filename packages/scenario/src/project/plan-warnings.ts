import { fixedCountMismatch, knownPeakUsers, type Plan, type PlanWarning } from '@drumline/model';
import { findFloatingCalls } from './floating.js';
import type { PlaceFinder } from './source-place.js';

/** The scenario's own code, and the position of each part in its files. */
export interface OwnCode {
  readonly lines: readonly string[];
  readonly placeOf: PlaceFinder;
}

/** Probable mistakes in a valid plan. */
export function findPlanWarnings(plan: Plan, code: OwnCode): PlanWarning[] {
  return [...findCountWarnings(plan), ...findFloatingWarnings(code), ...findTargetWarnings(plan, code)];
}

function findCountWarnings({ userTypes, load, controller }: Plan): PlanWarning[] {
  if (controller?.kind === 'shape') return [];
  const mismatch = fixedCountMismatch(userTypes, knownPeakUsers(load));
  if (mismatch === undefined) return [];
  const hint = 'change fixedCount or --users, or replace a fixedCount with a weight';
  return [{ code: 'fixed-counts', where: 'users', message: mismatch, hint }];
}

function findFloatingWarnings({ lines, placeOf }: OwnCode): PlanWarning[] {
  return findFloatingCalls(lines).map(({ call, line, column }) => ({
    code: 'floating-promise',
    where: placeOf(line, column),
    message: `the promise of ${call} is not awaited, so the call is not part of its task`,
    hint: call.startsWith('forEach')
      ? 'use for (const item of items) with await, or await Promise.all(items.map(async …))'
      : 'write await before it, or use background(…) for work that runs beside the tasks',
  }));
}

/** A literal relative URL in the call of a request. */
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
      message: `'${path}' is relative, but there is no target`,
      hint: "set target in scenario({ target: 'https://…' }), or pass --target",
    },
  ];
}
