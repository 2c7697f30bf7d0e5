import {
  findWorkloadProblems,
  MAX_RUN_MS,
  workloadDurationMs,
  formatDuration,
  type PlanProblem,
  type Workload,
} from '@drumline/model';
import { findReplayProblems } from '../replay/listed.js';
import type { PartDraft } from './collect.js';

/** What the checks need to know about a user type. */
export interface SharingType {
  readonly name: string;
  readonly weight?: number | undefined;
  readonly fixedCount?: number | undefined;
}

/**
 * Every problem of the parts.
 * @param hasRunTime whether an option sets the length of the run
 */
export function findPartProblems(
  parts: readonly PartDraft[],
  users: readonly SharingType[],
  hasRunTime: boolean,
): PlanProblem[] {
  return [
    ...parts.flatMap((part) =>
      isUnread(part)
        ? []
        : [
            ...findWorkloadProblems(part.workload as Workload, sharing(part, users).length).map(
              ({ place, ...problem }) => ({ ...problem, where: `${part.where}${place}` }),
            ),
            ...findLengthProblems(part, hasRunTime),
            ...findReplayedUsers(part, users),
          ],
    ),
    ...findFixedCountProblems(parts, users),
  ];
}

/** A file that could not be read, which is a problem of its own. */
function isUnread({ workload }: PartDraft): boolean {
  return 'replay' in workload && workload.replay !== undefined && workload.replay.found === undefined;
}

function findReplayedUsers(
  { workload, where, user }: PartDraft,
  users: readonly SharingType[],
): PlanProblem[] {
  if (!('replay' in workload) || workload.replay === undefined) return [];
  const names = users.map(({ name }) => name);
  return findReplayProblems(where, workload.replay, user, names);
}

/** The user types that have a share of a part. */
function sharing({ user }: PartDraft, users: readonly SharingType[]): readonly SharingType[] {
  if (user !== undefined) return users.filter(({ name }) => name === user);
  return users.filter(({ weight = 1, fixedCount }) => weight > 0 || fixedCount !== undefined);
}

function findLengthProblems(part: PartDraft, hasRunTime: boolean): PlanProblem[] {
  const { where, workload, startMs, isFollowed } = part;
  const durationMs = workloadDurationMs(workload as Workload);
  const problems: PlanProblem[] = [];
  if (durationMs === 0 && (isFollowed || !hasRunTime))
    problems.push(
      workload.kind === 'fixed'
        ? { where, message: 'has a limit of 0', hint: "use for example .limit('2m')" }
        : {
            where,
            message: 'has no duration',
            hint: "add .hold('5m'), or .hold() to hold until the run is stopped",
          },
    );
  const endMs = (startMs ?? 0) + (durationMs ?? 0);
  if (endMs > MAX_RUN_MS && (durationMs ?? 0) <= MAX_RUN_MS)
    problems.push({
      where,
      message: `ends ${formatDuration(endMs)} after the start of the run`,
      hint: `a run lasts at most ${formatDuration(MAX_RUN_MS)}`,
    });
  if (workload.kind === 'fixed') return problems;
  const stages = workload.kind === 'users' ? workload.profile.stages : workload.rate.stages;
  stages.forEach((stage, index) => {
    if (stage.durationMs === null && index < stages.length - 1)
      problems.push({
        where: `${where} stage ${index + 1}`,
        message: 'holds until the run is stopped, so later stages never start',
        hint: "set a duration: .hold('5m')",
      });
  });
  return problems;
}

/** `fixedCount` is a number of users of a load that all types share. */
function findFixedCountProblems(parts: readonly PartDraft[], users: readonly SharingType[]): PlanProblem[] {
  return users.flatMap(({ name, fixedCount }, index) => {
    if (fixedCount === undefined) return [];
    const where = `users[${index}].fixedCount`;
    if (parts.some(({ user }) => user === name))
      return [
        { where, message: `has no effect, because '${name}' has a load of its own`, hint: 'remove it' },
      ];
    const open = parts.find(
      ({ user, workload }) =>
        user === undefined && (workload.kind === 'arrivals' || workload.kind === 'iterations'),
    );
    if (open === undefined) return [];
    return [
      {
        where,
        message: `is a number of users, but ${open.where} is a rate, which types share by weight`,
        hint: `give each user type a load of its own: load: { ${name}: startWith(${fixedCount}).hold('10m'), … }`,
      },
    ];
  });
}
