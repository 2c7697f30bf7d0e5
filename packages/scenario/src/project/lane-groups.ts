import {
  DEFAULT_LANE_GROUP,
  itemTypes,
  type LaneGroup,
  type Load,
  type PlannedUserType,
  type PlanProblem,
} from '@drumline/model';
import { LANES_KEYS } from '../authoring/option-keys.js';
import type { UserSpec } from '../authoring/user.js';
import { findKeyProblems } from './key-problems.js';

type LanesOption = UserSpec<unknown>['lanes'];

/** The most lanes of a group on a worker. Each lane is a process, so more is a mistake. */
const MAX_LANES = 256;

/** The lane group of a user type. */
export function laneGroupOf(lanes: LanesOption): string {
  return (typeof lanes === 'object' ? lanes.group : lanes) ?? DEFAULT_LANE_GROUP;
}

/** The lane groups of the user types, with their users or slots at the peak of the load. */
export function laneGroupsOf(
  types: readonly PlannedUserType[],
  options: readonly LanesOption[],
  load: Load,
): LaneGroup[] {
  const names = types.map(({ laneGroup }) => laneGroup);
  const users = new Map(names.map((name) => [name, 0]));
  for (const part of load.parts)
    for (const type of itemTypes(part, types)) users.set(names[type]!, users.get(names[type]!)! + 1);
  return [...users].map(([name, count]) => {
    const lanes = options.map((option) => countOf(name, option)).find((wanted) => wanted !== undefined);
    return { name, users: count, ...(lanes === undefined ? {} : { lanes }) };
  });
}

/**
 * Checks the `lanes` of a user type.
 * @param counts lanes of each group as set by earlier user types; this type's count is added
 */
export function findLaneProblems(lanes: unknown, where: string, counts: Map<string, number>): PlanProblem[] {
  if (lanes === undefined || isName(lanes)) return [];
  const unknown = findKeyProblems(lanes, LANES_KEYS, where);
  if (unknown.length > 0) return unknown;
  const { group, count } = (lanes ?? {}) as { group?: unknown; count?: unknown };
  if (!isName(group)) {
    const hint = "use lanes: 'grpc' or lanes: { group: 'grpc', count: 2 }";
    return [{ where, message: 'does not name a lane group', hint }];
  }
  if (count === undefined) return [];
  if (!(Number.isInteger(count) && (count as number) >= 1 && (count as number) <= MAX_LANES)) {
    const message = `${JSON.stringify(count)} is not a number of lanes`;
    return [{ where: `${where}.count`, message, hint: `use a whole number from 1 to ${MAX_LANES}` }];
  }
  const known = counts.get(group) ?? count;
  counts.set(group, count as number);
  if (known === count) return [];
  const message = `the group '${group}' has count ${count as number} here, but ${known as number} in an earlier user type`;
  return [{ where: `${where}.count`, message, hint: 'set the count in one user type only' }];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function countOf(group: string, option: LanesOption): number | undefined {
  return typeof option === 'object' && option.group === group ? option.count : undefined;
}
