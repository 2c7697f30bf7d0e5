import {
  findRateProblem,
  findUsersProblem,
  rampAndHold,
  type Millis,
  type OutOfBounds,
  type PlanOverrides,
  type PlanProblem,
  type RateProfile,
} from '@drumline/model';
import type { PartDraft } from './collect.js';

type LoadOverrides = Pick<
  PlanOverrides,
  | 'users'
  | 'spawnRate'
  | 'ratePerSecond'
  | 'arrivalsPerSecond'
  | 'maxUsers'
  | 'iterations'
  | 'stages'
  | 'random'
>;

/** The load that options ask for, in place of that of the scenario. */
export interface LoadOverride {
  readonly workload: PartDraft['workload'];
  /** The option that sets it, for messages. */
  readonly where: string;
  /** Whether it takes its length from the scenario's load. */
  readonly hasNoLength: boolean;
}

/** Options that cannot be combined, and why. */
const CONFLICTS: readonly (readonly [keyof LoadOverrides, keyof LoadOverrides, string])[] = [
  ['ratePerSecond', 'arrivalsPerSecond', 'use --rate for users that stay, or --arrivals for new users'],
  ['users', 'ratePerSecond', 'users are added as the rate needs them; limit them with --max-users'],
  ['users', 'arrivalsPerSecond', 'users arrive at the rate; limit them with --max-users'],
  ['spawnRate', 'ratePerSecond', 'change a rate with --stage 2m:500/s'],
  ['spawnRate', 'arrivalsPerSecond', 'change a rate with --stage 2m:500/s'],
  ['spawnRate', 'stages', 'a stage sets how fast users start: --stage 30s:50'],
  ['spawnRate', 'iterations', 'all users of a fixed number of iterations start at once'],
  ['iterations', 'ratePerSecond', 'a rate ends with the run time: -t 5m'],
  ['iterations', 'arrivalsPerSecond', 'a rate ends with the run time: -t 5m'],
  ['iterations', 'stages', 'a fixed number of iterations ends when all are done'],
];

const OPTION_OF: Readonly<Record<keyof LoadOverrides, string>> = {
  users: '--users',
  spawnRate: '--spawn-rate',
  ratePerSecond: '--rate',
  arrivalsPerSecond: '--arrivals',
  maxUsers: '--max-users',
  iterations: '--iterations',
  stages: '--stage',
  random: '--random',
};

/** The load of the command line; undefined if no option sets it. Adds what is wrong with it. */
export function overrideOf(overrides: LoadOverrides, problems: PlanProblem[]): LoadOverride | undefined {
  const found = findOptionProblems(overrides);
  problems.push(...found);
  if (found.length > 0) return undefined;
  const { users, spawnRate, ratePerSecond, arrivalsPerSecond, maxUsers, iterations, stages, random } =
    overrides;
  const isRate = [ratePerSecond, arrivalsPerSecond].some((rate) => rate !== undefined) || hasRates(stages);
  if (isRate) {
    const rate = rateOf(ratePerSecond ?? arrivalsPerSecond ?? 0, stages);
    const order = random ? { random: {} } : {};
    const workload =
      arrivalsPerSecond === undefined
        ? { kind: 'iterations' as const, rate, ...order, ...(maxUsers !== undefined && { maxUsers }) }
        : {
            kind: 'arrivals' as const,
            rate,
            ...order,
            ...(maxUsers !== undefined && { maxConcurrent: maxUsers }),
          };
    const key =
      ratePerSecond !== undefined
        ? 'ratePerSecond'
        : arrivalsPerSecond !== undefined
          ? 'arrivalsPerSecond'
          : 'stages';
    return { workload, where: OPTION_OF[key], hasNoLength: stages === undefined };
  }
  if (iterations !== undefined) {
    const workload = {
      kind: 'fixed' as const,
      total: iterations,
      users: users ?? 1,
      each: false,
      limitMs: null,
    };
    return { workload, where: '--iterations', hasNoLength: false };
  }
  if (stages !== undefined) {
    const profile = {
      fromUsers: users ?? 0,
      stages: stages.map(({ durationMs, to }) => ({ durationMs, toUsers: to })),
    };
    return { workload: { kind: 'users', profile }, where: '--stage', hasNoLength: false };
  }
  if (users === undefined) return undefined;
  const profile = rampAndHold(users, spawnRate);
  return { workload: { kind: 'users', profile }, where: '--users', hasNoLength: true };
}

function rateOf(fromPerSecond: number, stages: LoadOverrides['stages']): RateProfile {
  const hold: { durationMs: Millis | null; to: number }[] = [{ durationMs: null, to: fromPerSecond }];
  return {
    fromPerSecond,
    stages: (stages ?? hold).map(({ durationMs, to }) => ({ durationMs, toPerSecond: to })),
  };
}

function hasRates(stages: LoadOverrides['stages']): boolean {
  return stages?.some(({ unit }) => unit === 'per-second') === true;
}

function findOptionProblems(overrides: LoadOverrides): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const add = (where: string, problem: OutOfBounds | undefined): void => {
    if (problem) problems.push({ where, ...problem });
  };
  const { users, spawnRate, ratePerSecond, arrivalsPerSecond, stages = [] } = overrides;
  for (const [one, other, hint] of CONFLICTS)
    if (overrides[one] !== undefined && overrides[other] !== undefined)
      add(OPTION_OF[one], { message: `cannot be combined with ${OPTION_OF[other]}`, hint });
  if (problems.length > 0) return problems;
  if (users !== undefined) add('--users', findUsersProblem(users, 1));
  if (spawnRate !== undefined) add('--spawn-rate', findRateProblem(spawnRate, users));
  if (spawnRate !== undefined && users === undefined)
    add('--spawn-rate', {
      message: 'sets how fast users start, but not how many',
      hint: 'add --users, or remove --spawn-rate to use the scenario’s load',
    });
  const hasRate = ratePerSecond !== undefined || arrivalsPerSecond !== undefined || hasRates(stages);
  if (stages.length > 0 && hasRate && stages.some(({ unit }) => unit === 'users'))
    add('--stage', {
      message: 'is a number of users, but the load is a rate',
      hint: 'write rates with their unit, such as --stage 2m:500/s',
    });
  if (users !== undefined && hasRates(stages))
    add('--users', {
      message: 'cannot be combined with stages of a rate',
      hint: 'users are added as the rate needs them; limit them with --max-users',
    });
  for (const key of ['maxUsers', 'random'] as const)
    if (overrides[key] !== undefined && overrides[key] !== false && !hasRate)
      add(OPTION_OF[key], {
        message: 'has no effect without a rate',
        hint: 'add for example --rate 200/s or --arrivals 50/s',
      });
  return problems;
}
