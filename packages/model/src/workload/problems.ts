import { formatCount } from '../format-count.js';
import { findLoadProblems, findUsersProblem, MAX_RUN_MS, MAX_STAGES, type OutOfBounds } from '../limits.js';
import { MAX_RATE_PER_SECOND } from '../rate-text.js';
import { formatDuration } from '../units.js';
import { peakRate, stagesDurationMs } from './rate-profile.js';
import type { FixedWorkload, OpenWorkload, Workload } from './workload.js';

/** A problem of a workload. `place` is what follows its own place, such as ` stage 2`. */
export interface WorkloadProblem extends OutOfBounds {
  readonly place: string;
}

/** Every problem of a workload. @param types number of user types that share it */
export function findWorkloadProblems(workload: Workload, types: number): WorkloadProblem[] {
  switch (workload.kind) {
    case 'users':
      return findLoadProblems(workload.profile).map(({ where, ...problem }) => ({
        place: where.replace(/^load/, ''),
        ...problem,
      }));
    case 'arrivals':
    case 'iterations':
      return [...findRateProblems(workload), ...findLimitProblems(workload, types)];
    case 'fixed':
      return findFixedProblems(workload, types);
  }
}

function findRateProblems({ kind, rate }: OpenWorkload): WorkloadProblem[] {
  const { stages } = rate;
  if (stages.length > MAX_STAGES)
    return [
      {
        place: '',
        message: `${formatCount(stages.length)} stages exceed the limit of ${formatCount(MAX_STAGES)}`,
        hint: 'Use fewer and longer stages.',
      },
    ];
  const hint = `A run lasts at most ${formatDuration(MAX_RUN_MS)}.`;
  const problems = stages.flatMap(({ durationMs }, index) =>
    durationMs === null || (durationMs >= 0 && durationMs <= MAX_RUN_MS)
      ? []
      : [{ place: ` stage ${index + 1}`, message: `lasts ${formatDuration(durationMs)}`, hint }],
  );
  const lastsMs = stagesDurationMs(stages) ?? 0;
  if (problems.length === 0 && lastsMs > MAX_RUN_MS)
    problems.push({ place: '', message: `lasts ${formatDuration(lastsMs)} in all`, hint });
  const peak = peakRate(rate);
  if (!(peak > 0))
    problems.push({
      place: '',
      message: `its rate is 0, so no ${kind === 'arrivals' ? 'user arrives' : 'iteration starts'}`,
      hint: 'use a rate above 0, such as 200/s',
    });
  else if (!(peak <= MAX_RATE_PER_SECOND))
    problems.push({
      place: '',
      message: `${peak} per second is not a rate`,
      hint: `use at most ${formatCount(MAX_RATE_PER_SECOND)} per second`,
    });
  return problems;
}

function findLimitProblems(workload: OpenWorkload, types: number): WorkloadProblem[] {
  const [name, limit] =
    workload.kind === 'arrivals'
      ? (['maxConcurrent', workload.maxConcurrent] as const)
      : (['maxUsers', workload.maxUsers] as const);
  if (limit === undefined) return [];
  const place = `.${name}`;
  const problem = findUsersProblem(limit, 1);
  if (problem) return [{ place, ...problem }];
  return limit >= types ? [] : [{ place, ...tooFewUsers(limit, types) }];
}

function findFixedProblems({ total, users, each }: FixedWorkload, types: number): WorkloadProblem[] {
  const problems: WorkloadProblem[] = [];
  const usersProblem = findUsersProblem(users, 1);
  if (usersProblem) problems.push({ place: '.users', ...usersProblem });
  const iterations = each ? total / users : total;
  const place = each ? '.perUser' : '.total';
  if (!(Number.isSafeInteger(total) && Number.isSafeInteger(iterations) && iterations >= 1)) {
    if (!usersProblem || !each)
      problems.push({
        place,
        message: `${iterations} is not a number of iterations`,
        hint: 'use a whole number of at least 1',
      });
  } else if (users > total)
    problems.push({
      place,
      message: `${formatCount(total)} iterations are fewer than the ${formatCount(users)} users, so some would never run`,
      hint: 'use more iterations or fewer users',
    });
  if (problems.length === 0 && users < types)
    problems.push({ place: '.users', ...tooFewUsers(users, types) });
  return problems;
}

function tooFewUsers(users: number, types: number): OutOfBounds {
  return {
    message: `${users} ${users === 1 ? 'user' : 'users'} cannot be of ${types} user types`,
    hint: `use at least ${types}, or give each user type a load of its own`,
  };
}
