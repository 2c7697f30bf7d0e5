import { formatCount } from './format-count.js';
import { formatDuration, type Millis } from './units.js';
import { profileDurationMs, type LoadProfile } from './load.js';
import { knownPeakUsers, type Load } from './workload/workload.js';

/** The most users of a run. While they wait with a connection each, they take about 80 GB. */
export const MAX_USERS = 10_000_000;
/** The most users of a lane. With a connection each, they take 1.6 GB, near the limit of a heap. */
export const MAX_USERS_PER_LANE = 200_000;
/** The longest run, 30 days. The timeline has no room for more. */
export const MAX_RUN_MS: Millis = 30 * 24 * 60 * 60 * 1_000;
/** The longest wait, 24 days. Timers of Node cannot wait much longer. */
export const MAX_WAIT_MS: Millis = 24 * 24 * 60 * 60 * 1_000;
/** The most stages of a load. More are a mistake in the code that creates them. */
export const MAX_STAGES = 10_000;
/** The most starts of a replayed file. They take 80 to 140 MB on the disk of each machine. */
export const MAX_REPLAYED = 10_000_000;
/** The most series of a run. Each takes a few KB on every lane and on the master. */
export const MAX_SERIES_LIMIT = 1_000_000;
/** The most workers that take part in a run at the same time. */
export const MAX_WORKERS = 10_000;

/** A value outside its limits, and how to fix it. */
export interface OutOfBounds {
  readonly message: string;
  readonly hint: string;
}

/**
 * Checks a number of users.
 * @param lanes number of lanes to run them, if already known
 * @returns undefined if the number is valid
 */
export function findUsersProblem(users: number, least = 0, lanes?: number): OutOfBounds | undefined {
  if (!Number.isSafeInteger(users) || users < least)
    return {
      message: `${users} is not a number of users`,
      hint: `Use a whole number from ${least} to ${formatCount(MAX_USERS)}.`,
    };
  if (users > MAX_USERS)
    return {
      message: `${formatCount(users)} users exceed the limit of ${formatCount(MAX_USERS)} users per run`,
      hint: 'A waiting user takes 3 KB of memory, and 8 KB with a connection. Fewer users with shorter wait times create the same load.',
    };
  if (lanes === undefined || users <= lanes * MAX_USERS_PER_LANE) return undefined;
  const most = lanes * MAX_USERS_PER_LANE;
  const noun = lanes === 1 ? 'lane' : 'lanes';
  return {
    message: `${formatCount(users)} users exceed the ${formatCount(most)} that ${formatCount(lanes)} ${noun} can hold, ${formatCount(MAX_USERS_PER_LANE)} each`,
    hint: 'A waiting user takes 3 KB of its lane’s memory, and 8 KB with a connection. Add workers or lanes, or use fewer users.',
  };
}

/**
 * Checks a spawn rate.
 * @param perSecond users that start per second
 * @param users number of users to reach at this rate
 * @returns undefined if the rate is valid
 */
export function findRateProblem(perSecond: number, users = 1): OutOfBounds | undefined {
  if (!(perSecond > 0) || perSecond > MAX_USERS)
    return {
      message: `${perSecond} is not a spawn rate`,
      hint: `Use a number of users per second greater than 0, at most ${formatCount(MAX_USERS)}.`,
    };
  if ((users / perSecond) * 1_000 <= MAX_RUN_MS) return undefined;
  return {
    message: `at ${perSecond} per second, ${formatCount(users)} users would need longer to start than the maximum run time of ${formatDuration(MAX_RUN_MS)}`,
    hint: 'Use a higher rate or fewer users.',
  };
}

/** Every problem of a load, with its place. */
export function findLoadProblems(load: LoadProfile): (OutOfBounds & { readonly where: string })[] {
  const { fromUsers, stages } = load;
  const problems: (OutOfBounds & { readonly where: string })[] = [];
  const add = (where: string, problem: OutOfBounds | undefined): void => {
    if (problem) problems.push({ where, ...problem });
  };
  add('load', findUsersProblem(fromUsers));
  if (stages.length > MAX_STAGES)
    add('load', {
      message: `${formatCount(stages.length)} stages exceed the limit of ${formatCount(MAX_STAGES)}`,
      hint: 'Use fewer and longer stages.',
    });
  stages.slice(0, MAX_STAGES).forEach(({ durationMs, toUsers }, index) => {
    const where = `load stage ${index + 1}`;
    add(where, findUsersProblem(toUsers));
    if (durationMs !== null && !(durationMs >= 0 && durationMs <= MAX_RUN_MS))
      add(where, {
        message: `lasts ${formatDuration(durationMs)}`,
        hint: `A run lasts at most ${formatDuration(MAX_RUN_MS)}. Use .hold() without a duration to hold until the run is stopped.`,
      });
  });
  if (problems.length > 0) return problems;
  const lastsMs = profileDurationMs(load);
  if (lastsMs !== null && lastsMs > MAX_RUN_MS)
    add('load', {
      message: `lasts ${formatDuration(lastsMs)} in all`,
      hint: `A run lasts at most ${formatDuration(MAX_RUN_MS)}.`,
    });
  return problems;
}

/** Checks whether a number of lanes can hold the peak of a load; undefined if they can. */
export function findCapacityProblem(load: Load, lanes: number): OutOfBounds | undefined {
  return findUsersProblem(knownPeakUsers(load), 0, lanes);
}
