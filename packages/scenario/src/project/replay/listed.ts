import {
  closest,
  rateOfTimes,
  type ListedOrder,
  type LocalArtifact,
  type PlanProblem,
  type RateProfile,
  type Table,
} from '@drumline/model';
import { storeBytes } from '../../artifacts/cache.js';
import { dueTimesTable, encodeDueTimes, type DueTimeColumns } from '../../artifacts/due-times-file.js';
import type { DeclaredReplay, ReplayedTimes } from '../../runtime/tables/declarations.js';

/** Adds a table to the plan. @returns its number */
export type AddTable = (table: Table<LocalArtifact>) => number;

/**
 * The order and rate of a load that follows a file.
 * @param users names of the user types of the part; starts of others are left out
 */
export function listedLoad(
  { path, speed, found }: DeclaredReplay,
  users: readonly string[],
  addTable: AddTable,
): { readonly order: ListedOrder; readonly rate: RateProfile } {
  const { columns, shares, rate } = selected(found!, users);
  const table = addTable(dueTimesTable(path, columns, storeBytes(encodeDueTimes(columns))));
  const count = columns.time.length;
  return { order: { kind: 'listed', file: path, count, speed, table, ...(shares && { shares }) }, rate };
}

/** The starts of the user types that are left after --tags. */
function selected(
  { times, numbers, users, rate }: ReplayedTimes,
  names: readonly string[],
): { columns: DueTimeColumns; shares?: readonly number[]; rate: RateProfile } {
  if (users === undefined) return { columns: { time: times, number: numbers }, rate };
  const typeOf = users.names.map((name) => names.indexOf(name));
  const shares = names.map(() => 0);
  for (const user of users.of) if (typeOf[user]! >= 0) shares[typeOf[user]!]! += 1;
  const isKept = (_: number, at: number): boolean => typeOf[users.of[at]!]! >= 0;
  const isAll = shares.reduce((sum, share) => sum + share, 0) === times.length;
  const kept = isAll ? times : times.filter(isKept);
  return {
    columns: {
      time: kept,
      number: isAll ? numbers : (numbers ?? Uint32Array.from(times.keys())).filter(isKept),
      type: (isAll ? users.of : users.of.filter(isKept)).map((user) => typeOf[user]!),
    },
    shares,
    rate: isAll ? rate : rateOfTimes(kept),
  };
}

/**
 * What is wrong with the user types that a file names.
 * @param user the user type that has the load for itself; undefined if all types share it
 */
export function findReplayProblems(
  where: string,
  { path, user: column, found }: DeclaredReplay,
  user: string | undefined,
  names: readonly string[],
): PlanProblem[] {
  const users = found?.users;
  if (users === undefined) return [];
  if (user !== undefined)
    return [
      {
        where,
        message: `is for '${user}', but the column '${column}' of ${path} names user types`,
        hint: 'use load: replay(…) for all user types, or remove user',
      },
    ];
  return users.names.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const meant = closest(name, names);
    return [
      {
        where,
        message: `${path}, line ${users.lines[index]}: '${name}' is not a user type`,
        hint: meant === undefined ? `user types: ${names.join(', ')}` : `did you mean '${meant}'?`,
      },
    ];
  });
}
