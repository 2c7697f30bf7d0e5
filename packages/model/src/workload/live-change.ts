import type { OutOfBounds } from '../limits.js';
import { changeUsers } from '../load.js';
import { closest } from '../suggest.js';
import type { Millis } from '../units.js';
import type { UserTypeShare } from '../user-types.js';
import { changeRate } from './rate-profile.js';
import { isOpen, partEndMs, partTimeMs, type Load, type LoadPart, type Workload } from './workload.js';

/** A change of the users by hand. */
export interface UsersChange {
  readonly users: number;
  /** Users started or stopped per second; absent for all at once. */
  readonly perSecond?: number | undefined;
  /** The user type; absent for the only closed part of that time. */
  readonly user?: string | undefined;
}

/** A change of a rate by hand. */
export interface RateChange {
  readonly perSecond: number;
  /** How long the change takes; 0 for a jump. */
  readonly overMs: Millis;
  /** The user type; absent for the only part with a rate at that time. */
  readonly user?: string | undefined;
}

/** The changed load, or why it cannot be changed. */
export type LiveChange = { readonly load: Load } | { readonly problem: OutOfBounds };

/**
 * Changes the users of the closed part that runs at a time. Its past stays the same.
 * @param all the user types of the plan
 */
export function changeUsersNow(
  load: Load,
  all: readonly UserTypeShare[],
  runMs: Millis,
  { users, perSecond, user }: UsersChange,
): LiveChange {
  const found = partToChange(load, all, runMs, 'users', user);
  if (typeof found !== 'number') return { problem: found };
  return {
    load: withWorkload(load, found, (workload, partMs) =>
      workload.kind === 'users'
        ? { ...workload, profile: changeUsers(workload.profile, partMs(runMs), users, perSecond) }
        : workload,
    ),
  };
}

/**
 * Changes the rate of the open part that runs at a time. Everything up to `fromMs` stays the same.
 * @param fromMs when the change begins; far enough ahead for all lanes to know of it by then
 */
export function changeRateNow(
  load: Load,
  all: readonly UserTypeShare[],
  runMs: Millis,
  { perSecond, overMs, user, fromMs }: RateChange & { readonly fromMs: Millis },
): LiveChange {
  const found = partToChange(load, all, runMs, 'rate', user);
  if (typeof found !== 'number') return { problem: found };
  return {
    load: withWorkload(load, found, (workload, partMs) =>
      isOpen(workload)
        ? { ...workload, rate: changeRate(workload.rate, partMs(fromMs), perSecond, overMs) }
        : workload,
    ),
  };
}

function withWorkload(
  load: Load,
  index: number,
  change: (workload: Workload, partMs: (runMs: Millis) => Millis) => Workload,
): Load {
  const parts = load.parts.map((part, at) => {
    if (at !== index) return part;
    return { ...part, workload: change(part.workload, (runMs) => Math.max(0, partTimeMs(part, runMs))) };
  });
  return { ...load, parts };
}

type Changeable = 'users' | 'rate';

/**
 * What a part has that can be changed; undefined for a fixed number of iterations and for a
 * replayed file.
 */
function changeableOf({ workload }: LoadPart): Changeable | undefined {
  if (workload.kind === 'users') return 'users';
  return isOpen(workload) && workload.order.kind !== 'listed' ? 'rate' : undefined;
}

/** The index of the part that a change means, or why there is none. */
function partToChange(
  { parts }: Load,
  all: readonly UserTypeShare[],
  runMs: Millis,
  what: Changeable,
  user: string | undefined,
): number | OutOfBounds {
  const names = all.map(({ name }) => name);
  const namesOf = ({ types }: LoadPart): string => types.map((type) => names[type]).join(' and ');
  const type = user === undefined ? undefined : names.indexOf(user);
  if (user !== undefined && type === -1) return unknownType(user, names);
  const present = parts.filter(
    (part) =>
      partTimeMs(part, runMs) >= 0 &&
      runMs < (partEndMs(part) ?? Infinity) &&
      (type === undefined || part.types.includes(type)),
  );
  const meant = present.filter((part) => changeableOf(part) === what);
  const [first] = meant;
  if (!first) return nothingToChange(present, what, user);
  if (meant.length > 1)
    return {
      message: `the load has ${meant.length} parts with ${what === 'users' ? 'users' : 'a rate'} at present`,
      hint: `Say which user type is meant: ${meant.map(namesOf).join(', ')}.`,
    };
  if (user !== undefined && first.types.length > 1)
    return {
      message: `'${user}' has no load of its own: ${namesOf(first)} share one by their weights`,
      hint: `Change all of them together, or give '${user}' a load of its own in the scenario.`,
    };
  return parts.indexOf(first);
}

function unknownType(user: string, names: readonly string[]): OutOfBounds {
  const meant = closest(user, names);
  return {
    message: `there is no user type '${user}'`,
    hint: meant === undefined ? `The user types are ${names.join(', ')}.` : `Did you mean '${meant}'?`,
  };
}

function nothingToChange(
  present: readonly LoadPart[],
  what: Changeable,
  user: string | undefined,
): OutOfBounds {
  const who = user === undefined ? 'the load' : `'${user}'`;
  const other = present.find((part) => changeableOf(part) !== undefined);
  if (other)
    return what === 'users'
      ? { message: `${who} has a rate, not a number of users`, hint: 'Change the rate instead.' }
      : { message: `${who} has a number of users, not a rate`, hint: 'Change the users instead.' };
  if (present.some(({ workload }) => isOpen(workload)))
    return {
      message: `${who} follows a file at present`,
      hint: 'It cannot be changed while it runs.',
    };
  if (present.length > 0)
    return {
      message: `${who} has a fixed number of iterations at present`,
      hint: 'It cannot be changed while it runs.',
    };
  return { message: `${who} has nothing to change at present`, hint: 'See `drumline status`.' };
}
