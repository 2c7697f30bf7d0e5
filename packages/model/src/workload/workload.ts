import { mostUsersBetween, peakUsers, profileDurationMs, usersAt, type LoadProfile } from '../load.js';
import type { Millis } from '../units.js';
import { userTypeSequence, type UserTypeShare } from '../user-types.js';
import { peakRate, rateAt, stagesDurationMs, type RateProfile } from './rate-profile.js';

/**
 * When the starts of an open workload are due: evenly spaced by the rate, at random (a Poisson
 * process with that rate), or as listed in a file, whose times the rate describes.
 */
export type StartOrder =
  { readonly kind: 'even' } | { readonly kind: 'random'; readonly seed: number } | ListedOrder;

/** Due times from a file. */
export interface ListedOrder {
  readonly kind: 'listed';
  /** The file, for messages. */
  readonly file: string;
  /** Number of starts in the file. */
  readonly count: number;
  /** How much faster than the file: 1 is as fast. */
  readonly speed: number;
  /** The table of the plan with the due times. */
  readonly table: number;
  /** The starts of each user type of the part, if the file says whose they are. */
  readonly shares?: readonly number[];
}

/** Closed: a number of users over time. */
export interface UsersWorkload {
  readonly kind: 'users';
  readonly profile: LoadProfile;
}

/** Open: users arrive at a rate, run one iteration and leave. */
export interface ArrivalsWorkload {
  readonly kind: 'arrivals';
  readonly rate: RateProfile;
  readonly order: StartOrder;
  /** The most users at a time. Arrivals beyond it are dropped. */
  readonly maxConcurrent?: number;
}

/** Open: iterations start at a rate, on users that stay. */
export interface IterationsWorkload {
  readonly kind: 'iterations';
  readonly rate: RateProfile;
  readonly order: StartOrder;
  /** The most users. An iteration that is due while all are busy is dropped. */
  readonly maxUsers?: number;
}

/** A fixed number of iterations, by a fixed number of users as fast as they can. */
export interface FixedWorkload {
  readonly kind: 'fixed';
  /** Iterations of all users. */
  readonly total: number;
  readonly users: number;
  /** Whether each user runs the same number of iterations, instead of the next one when idle. */
  readonly each: boolean;
  /** The longest time; `null` for no limit. Iterations not started by then are skipped. */
  readonly limitMs: Millis | null;
}

/** What starts when. Times are part time: run time without pauses, since the start of the part. */
export type Workload = UsersWorkload | OpenWorkload | FixedWorkload;
export type OpenWorkload = ArrivalsWorkload | IterationsWorkload;

/** One workload of one or several user types. */
export interface LoadPart {
  /** The name of its phase; empty if the load has no phases. */
  readonly phase: string;
  /** Indexes into the user types of the plan. */
  readonly types: readonly number[];
  /**
   * When it starts, in run time without pauses. `null` until a part before it, whose length is
   * unknown, has ended.
   */
  readonly startMs: Millis | null;
  /**
   * The parts that must have ended before it starts, as indexes into the load. Only if `startMs` is
   * `null`.
   */
  readonly follows?: readonly number[];
  readonly workload: Workload;
}

/** The load of a run: parts that run in turn or side by side. */
export interface Load {
  readonly parts: readonly LoadPart[];
  /** When the run ends at the latest, even if a part has no known end. Default: no limit. */
  readonly endMs?: Millis;
}

/** A load with one closed part for all user types. */
export function usersLoad(profile: LoadProfile, types: readonly UserTypeShare[]): Load {
  return {
    parts: [
      { phase: '', types: types.map((_, index) => index), startMs: 0, workload: { kind: 'users', profile } },
    ],
  };
}

export function isOpen(workload: Workload): workload is OpenWorkload {
  return workload.kind === 'arrivals' || workload.kind === 'iterations';
}

/** How long a workload lasts; `null` if it has no planned end. */
export function workloadDurationMs(workload: Workload): Millis | null {
  switch (workload.kind) {
    case 'users':
      return profileDurationMs(workload.profile);
    case 'arrivals':
    case 'iterations':
      return stagesDurationMs(workload.rate.stages);
    case 'fixed':
      return workload.limitMs;
  }
}

/** When a part ends, in run time; `null` if that is unknown. */
export function partEndMs({ startMs, workload }: LoadPart): Millis | null {
  const durationMs = workloadDurationMs(workload);
  return startMs === null || durationMs === null ? null : startMs + durationMs;
}

/** When the last part ends, in run time; `null` if that is unknown. */
export function loadEndMs({ parts, endMs: latestMs }: Load): Millis | null {
  let endMs = 0;
  for (const part of parts) {
    const partEnd = partEndMs(part);
    if (partEnd === null) return latestMs ?? null;
    endMs = Math.max(endMs, partEnd);
  }
  return Math.min(endMs, latestMs ?? Infinity);
}

/** Part time of a part, from run time; negative before it starts. */
export function partTimeMs({ startMs }: Pick<LoadPart, 'startMs'>, runMs: Millis): Millis {
  return startMs === null ? -Infinity : runMs - startMs;
}

/**
 * The number of users that a part plans at a time of the run. Parts with a rate plan none: the
 * number of their users follows from how long iterations take.
 */
export function plannedUsersOf(part: LoadPart, runMs: Millis): number {
  const { workload } = part;
  const partMs = partTimeMs(part, runMs);
  if (workload.kind === 'users') return usersAt(workload.profile, partMs);
  if (workload.kind === 'fixed')
    return partMs >= 0 && partMs < (workload.limitMs ?? Infinity) ? workload.users : 0;
  return 0;
}

/** The most users that a part plans from a time of the run to another, see `plannedUsersOf`. */
export function mostPlannedUsersOf(part: LoadPart, fromMs: Millis, toMs: Millis): number {
  const { workload } = part;
  const [from, to] = [partTimeMs(part, fromMs), partTimeMs(part, toMs)];
  if (workload.kind === 'users') return mostUsersBetween(workload.profile, from, to);
  if (workload.kind === 'fixed') return to >= 0 && from < (workload.limitMs ?? Infinity) ? workload.users : 0;
  return 0;
}

/** The users that the parts plan at a time of the run, see `plannedUsersOf`. */
export function plannedUsersAt({ parts }: Load, runMs: Millis): number {
  return parts.reduce((sum, part) => sum + plannedUsersOf(part, runMs), 0);
}

/** The starts per second that the parts with a rate plan at a time of the run. */
export function plannedRateAt({ parts }: Load, runMs: Millis): number {
  return parts.reduce(
    (sum, part) => sum + (isOpen(part.workload) ? rateAt(part.workload.rate, partTimeMs(part, runMs)) : 0),
    0,
  );
}

/** The most users that a part runs at a time; `Infinity` if nothing limits them. */
export function peakUsersOf({ workload }: LoadPart): number {
  switch (workload.kind) {
    case 'users':
      return peakUsers(workload.profile);
    case 'fixed':
      return workload.users;
    case 'arrivals':
      return peakRate(workload.rate) > 0 ? (workload.maxConcurrent ?? Infinity) : 0;
    case 'iterations':
      return peakRate(workload.rate) > 0 ? (workload.maxUsers ?? Infinity) : 0;
  }
}

/** The most users at a time of the parts that limit them. */
export function knownPeakUsers(load: Load): number {
  const peaks = partsAtOnce(load).map((beside) =>
    beside.map(peakUsersOf).reduce((sum, peak) => sum + (peak === Infinity ? 0 : peak), 0),
  );
  return Math.max(0, ...peaks);
}

/** For each part, itself and the parts that run beside it when it starts. */
export function partsAtOnce({ parts }: Load): LoadPart[][] {
  return parts.map((first) => parts.filter((part) => part === first || runsAt(part, first.startMs)));
}

function runsAt(part: LoadPart, atMs: Millis | null): boolean {
  if (part.startMs === null || atMs === null) return false;
  return part.startMs <= atMs && atMs < (partEndMs(part) ?? Infinity);
}

/**
 * Slots of an open part, unless its limit of users is smaller. Divisible by most numbers of lanes.
 */
const SLOTS = 5_040;

/** The number of items that are placed on lanes: users, or slots of an open part. */
export function itemCount({ workload, types }: LoadPart): number {
  switch (workload.kind) {
    case 'users':
      return peakUsers(workload.profile);
    case 'fixed':
      return workload.users;
    case 'arrivals':
      return Math.max(types.length, Math.min(SLOTS, workload.maxConcurrent ?? SLOTS));
    case 'iterations':
      return Math.max(types.length, Math.min(SLOTS, workload.maxUsers ?? SLOTS));
  }
}

/**
 * The user types of a part, as shares. Fixed counts hold only for closed parts. A replayed file may
 * say whose starts are whose.
 */
export function typesOfPart(
  { types, workload }: Pick<LoadPart, 'types' | 'workload'>,
  all: readonly UserTypeShare[],
): UserTypeShare[] {
  const own = types.map((type) => all[type]!);
  if (!isOpen(workload)) return own;
  const shares = workload.order.kind === 'listed' ? workload.order.shares : undefined;
  return own.map(({ name, weight }, index) => ({ name, weight: shares?.[index] ?? weight }));
}

/**
 * The user type of each item, as an index into the user types of the plan.
 * @param atLeast a number of items beyond the planned ones, for loads that were changed
 */
export function itemTypes(part: LoadPart, all: readonly UserTypeShare[], atLeast = 0): Uint16Array {
  const count = Math.max(itemCount(part), atLeast);
  const own = typesOfPart(part, all);
  const sequence = isOpen(part.workload) ? slotTypes(own, count) : userTypeSequence(own, count);
  const isIdentity = part.types.every((type, index) => type === index);
  return isIdentity ? sequence : sequence.map((own) => part.types[own]!);
}

/** The type of each slot, by weight, and at least one slot for each type that has a weight. */
export function slotTypes(types: readonly UserTypeShare[], slots: number): Uint16Array {
  const sequence = userTypeSequence(types, slots);
  const counts = types.map(() => 0);
  for (const type of sequence) counts[type]! += 1;
  types.forEach(({ weight }, type) => {
    if (weight === 0 || counts[type]! > 0) return;
    const largest = counts.indexOf(Math.max(...counts));
    sequence[sequence.lastIndexOf(largest)] = type;
    counts[largest]! -= 1;
    counts[type]! += 1;
  });
  return sequence;
}

/** The users that a slot of an open part may have at a time; `Infinity` without a limit. */
export function limitOfSlot(workload: OpenWorkload, slot: number, slots: number): number {
  const limit = workload.kind === 'arrivals' ? workload.maxConcurrent : workload.maxUsers;
  if (limit === undefined) return Infinity;
  return Math.floor(limit / slots) + (slot < limit % slots ? 1 : 0);
}

/**
 * The index of a user in the run. Unique over all parts.
 * @param item its number in the part
 */
export function userIndexOf(part: number, item: number, parts: number): number {
  return item * parts + part;
}
