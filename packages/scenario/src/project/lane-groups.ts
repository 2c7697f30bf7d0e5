import {
  DEFAULT_LANE_GROUP,
  peakUsers,
  userTypeSequence,
  type LaneGroup,
  type LoadProfile,
  type PlannedUserType,
  type PlanProblem,
} from '@drumline/model';
import { LANES_KEYS } from '../authoring/option-keys.js';
import type { UserSpec } from '../authoring/user.js';
import { findKeyProblems } from './key-problems.js';

type LanesOption = UserSpec<unknown>['lanes'];

/** Each lane is a process; more than this on every worker is a slip of the pen. */
const MOST_LANES = 256;

/** The group that a user type names. */
export function laneGroupOf(lanes: LanesOption): string {
  return (typeof lanes === 'object' ? lanes.group : lanes) ?? DEFAULT_LANE_GROUP;
}

/** The groups of the user types, with the users that each has at the peak of the load. */
export function laneGroupsOf(
  types: readonly PlannedUserType[],
  options: readonly LanesOption[],
  load: LoadProfile,
): LaneGroup[] {
  const names = types.map(({ laneGroup }) => laneGroup);
  const users = new Map(names.map((name) => [name, 0]));
  for (const type of userTypeSequence(types, peakUsers(load)))
    users.set(names[type]!, users.get(names[type]!)! + 1);
  return [...users].map(([name, count]) => {
    const lanes = options.map((option) => countOf(name, option)).find((wanted) => wanted !== undefined);
    return { name, users: count, ...(lanes === undefined ? {} : { lanes }) };
  });
}

/**
 * What is wrong with the `lanes` of a user type.
 * @param counts how many lanes the types before want for each group; gets what this one wants
 */
export function findLaneProblems(lanes: unknown, where: string, counts: Map<string, number>): PlanProblem[] {
  if (lanes === undefined || isName(lanes)) return [];
  const unknown = findKeyProblems(lanes, LANES_KEYS, where);
  if (unknown.length > 0) return unknown;
  const { group, count } = (lanes ?? {}) as { group?: unknown; count?: unknown };
  if (!isName(group)) {
    return [{ where, message: 'names no lane group', hint: "lanes: 'grpc', or { group: 'grpc', count: 2 }" }];
  }
  if (count === undefined) return [];
  if (!(Number.isInteger(count) && (count as number) >= 1 && (count as number) <= MOST_LANES)) {
    const message = `${JSON.stringify(count)} is not a number of lanes`;
    return [{ where: `${where}.count`, message, hint: `a whole number from 1 to ${MOST_LANES}` }];
  }
  const known = counts.get(group) ?? count;
  counts.set(group, count as number);
  if (known === count) return [];
  const message = `the group '${group}' is to have ${count as number} lanes here, and ${known as number} before`;
  return [{ where: `${where}.count`, message, hint: 'say the number once' }];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function countOf(group: string, option: LanesOption): number | undefined {
  return typeof option === 'object' && option.group === group ? option.count : undefined;
}
