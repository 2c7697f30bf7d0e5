import { formatCount } from './format-count.js';
import { formatDuration, type Millis } from './units.js';
import { peakUsers, profileDurationMs, type LoadProfile } from './load.js';

/**
 * More users than this no cluster has: a waiting user takes 6 to 10 KB, so these take some 80 GB.
 */
export const MAX_USERS = 10_000_000;
/** Waiting, these take up to 2 GB, about what the heap of a lane holds. */
export const MAX_USERS_PER_LANE = 200_000;
/** The longest run: the timeline ends there. */
export const MAX_RUN_MS: Millis = 30 * 24 * 60 * 60 * 1_000;
/** The longest time that a timer can wait, and a little less. */
export const MAX_WAIT_MS: Millis = 24 * 24 * 60 * 60 * 1_000;
/** A load of more stages is a mistake of the code that makes it. */
export const MAX_STAGES = 10_000;
/** A series takes a few KB on every lane and the master. */
export const MAX_SERIES_LIMIT = 1_000_000;
/** The most workers that take part in a run at the same time. */
export const MAX_WORKERS = 10_000;

/** Something that is out of bounds, and what would not be. */
export interface OutOfBounds {
  readonly message: string;
  readonly hint: string;
}

/**
 * What is wrong with a number of users; nothing if it is all right.
 * @param lanes that there are to run them, if that is known yet
 */
export function findUsersProblem(users: number, least = 0, lanes?: number): OutOfBounds | undefined {
  if (!Number.isSafeInteger(users) || users < least)
    return {
      message: `${users} is not a number of users`,
      hint: `Give a whole number from ${least} to ${formatCount(MAX_USERS)}.`,
    };
  if (users > MAX_USERS)
    return {
      message: `${formatCount(users)} users are more than the ${formatCount(MAX_USERS)} that a run can have`,
      hint: 'A user that only waits takes 6 to 10 KB of memory. Fewer users with shorter wait times make the same load.',
    };
  if (lanes === undefined || users <= lanes * MAX_USERS_PER_LANE) return undefined;
  const most = lanes * MAX_USERS_PER_LANE;
  const has = lanes === 1 ? 'lane' : 'lanes';
  return {
    message: `${formatCount(users)} users are more than the ${formatCount(most)} that ${formatCount(lanes)} ${has} can hold, ${formatCount(MAX_USERS_PER_LANE)} each`,
    hint: 'A user that only waits takes 6 to 10 KB of its lane’s memory. Add workers or lanes, or ask for fewer users.',
  };
}

/** What is wrong with users per second, towards so many users; nothing if it is all right. */
export function findRateProblem(perSecond: number, users = 1): OutOfBounds | undefined {
  if (!(perSecond > 0) || perSecond > MAX_USERS)
    return {
      message: `${perSecond} is not a spawn rate`,
      hint: `Give a number of users per second above 0, at most ${formatCount(MAX_USERS)}.`,
    };
  if ((users / perSecond) * 1_000 <= MAX_RUN_MS) return undefined;
  return {
    message: `at ${perSecond} a second, ${formatCount(users)} users would take longer than the ${formatDuration(MAX_RUN_MS)} that a run can last`,
    hint: 'Give a higher rate, or fewer users.',
  };
}

/** Everything that is wrong with a load: where, and what. */
export function findLoadProblems(load: LoadProfile): (OutOfBounds & { readonly where: string })[] {
  const { fromUsers, stages } = load;
  const problems: (OutOfBounds & { readonly where: string })[] = [];
  const add = (where: string, problem: OutOfBounds | undefined): void => {
    if (problem) problems.push({ where, ...problem });
  };
  add('load', findUsersProblem(fromUsers));
  if (stages.length > MAX_STAGES)
    add('load', {
      message: `${formatCount(stages.length)} stages are more than ${formatCount(MAX_STAGES)}`,
      hint: 'Use fewer and longer stages.',
    });
  stages.slice(0, MAX_STAGES).forEach(({ durationMs, toUsers }, index) => {
    const where = `load stage ${index + 1}`;
    add(where, findUsersProblem(toUsers));
    if (durationMs !== null && !(durationMs >= 0 && durationMs <= MAX_RUN_MS))
      add(where, {
        message: `lasts ${formatDuration(durationMs)}`,
        hint: `A run lasts at most ${formatDuration(MAX_RUN_MS)}; .hold() without a duration lasts until it is stopped.`,
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

/** What is wrong with a load on so many lanes; nothing if they can hold it. */
export function findCapacityProblem(load: LoadProfile, lanes: number): OutOfBounds | undefined {
  return findUsersProblem(peakUsers(load), 0, lanes);
}
