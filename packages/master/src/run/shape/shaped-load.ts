import {
  changeUsersNow,
  closest,
  findUsersProblem,
  userTypeSequence,
  withShortPast,
  type Load,
  type LoadPart,
  type Millis,
  type UserTypeShare,
} from '@drumline/model';
import type { ShapeAnswer } from '@drumline/scenario';

/** Stages of the past that stay exact. A shape may add three every second. */
const EXACT_STAGES = 60;

/** A load, and what a shape asks of it. */
export interface ShapeOrder {
  readonly load: Load;
  readonly userTypes: readonly UserTypeShare[];
  readonly runMs: Millis;
  /** Users started or stopped per second; absent for all at once. */
  readonly spawnRate?: number | undefined;
  /** Number of lanes that run users, if there are any. */
  readonly lanes?: number | undefined;
}

/** The load that a shape asks for, the same if nothing changes; or what is wrong with it. */
export function shapedLoad(
  answer: Exclude<ShapeAnswer, null>,
  { load, userTypes, runMs, spawnRate, lanes }: ShapeOrder,
): Load | { readonly problem: string } {
  const present = load.parts.map(targetOf);
  const wanted = typeof answer === 'number' ? sharesOf(answer, load, userTypes) : [...present];
  if ('problem' in wanted) return wanted;
  if (typeof answer !== 'number') {
    const problem = takeByType(answer, wanted, load, userTypes);
    if (problem !== undefined) return { problem };
  }
  const total = findUsersProblem(sum(wanted), 0, lanes);
  if (total) return { problem: total.message };
  const changes = wanted.map((users, part) => Math.abs(users - present[part]!));
  const all = sum(changes);
  return changes.reduce((changed, by, part) => {
    if (by === 0) return changed;
    const perSecond = spawnRate === undefined ? undefined : (spawnRate * by) / all;
    const user = userTypes[load.parts[part]!.types[0]!]!.name;
    const next = changeUsersNow(changed, userTypes, runMs, { users: wanted[part]!, perSecond, user });
    return 'load' in next ? shortened(next.load) : changed;
  }, load);
}

/** The users of each part, for a number of users that all types share. */
function sharesOf(
  answer: number,
  { parts }: Load,
  userTypes: readonly UserTypeShare[],
): number[] | { readonly problem: string } {
  // Shapes compute with time, so that fractions are common.
  const users = Math.round(answer);
  const problem = findUsersProblem(users);
  if (problem) return { problem: problem.message };
  const counts = userTypes.map(() => 0);
  for (const type of userTypeSequence(userTypes, users)) counts[type]! += 1;
  return parts.map(({ types: [type] }) => counts[type!]!);
}

/** Takes the users of each type that an answer names. @returns what is wrong with it */
function takeByType(
  answer: Readonly<Record<string, number | undefined>>,
  wanted: number[],
  { parts }: Load,
  userTypes: readonly UserTypeShare[],
): string | undefined {
  const names = userTypes.map(({ name }) => name);
  for (const [name, number = 0] of Object.entries(answer)) {
    const users = Math.round(number);
    const type = names.indexOf(name);
    if (type === -1) {
      const meant = closest(name, names);
      return `there is no user type '${name}'${meant === undefined ? '' : `, did you mean '${meant}'?`}`;
    }
    const problem = findUsersProblem(users);
    if (problem) return `${problem.message} of '${name}'`;
    const { fixedCount } = userTypes[type]!;
    if (fixedCount !== undefined && users > fixedCount)
      return `'${name}' has a fixedCount of ${fixedCount}, so ${users} of them cannot run`;
    wanted[parts.findIndex(({ types }) => types.includes(type))] = users;
  }
  return undefined;
}

/** The users that a part has after the last change. */
function targetOf({ workload }: LoadPart): number {
  return workload.kind === 'users' ? workload.profile.stages.at(-1)!.toUsers : 0;
}

function shortened({ parts, ...rest }: Load): Load {
  const short = parts.map((part) =>
    part.workload.kind === 'users'
      ? {
          ...part,
          workload: { ...part.workload, profile: withShortPast(part.workload.profile, EXACT_STAGES) },
        }
      : part,
  );
  return { ...rest, parts: short };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
