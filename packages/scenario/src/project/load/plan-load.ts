import {
  formatDuration,
  limitLoad,
  loadEndMs,
  MAX_RUN_MS,
  rampAndHold,
  type Load,
  type LoadController,
  type LoadPart,
  type Millis,
  type PlanOverrides,
  type PlanProblem,
  type Workload,
} from '@drumline/model';
import { listedLoad, type AddTable } from '../replay/listed.js';
import { collectParts, type PartDraft } from './collect.js';
import { overrideOf } from './override.js';
import { findPartProblems, type SharingType } from './problems.js';
import { controllerOf, draftShape, findShapeProblems, isShape } from './shape.js';

/** The parts of the plan's load, before its user types are numbered. */
export interface DraftedLoad {
  readonly parts: readonly PartDraft[];
  /** Length of the run, if an option or the replaced load sets it. */
  readonly runTimeMs: Millis | undefined;
  /** What changes the load during the run, if anything does. */
  readonly controller?: LoadController | undefined;
}

/** Without a load, one user runs until the run is stopped. */
const ONE_USER = { kind: 'users', profile: rampAndHold(1) } as const;

/** The option that sets a part of an overriding load. */
const OPTION_OF_PLACE: Readonly<Record<string, string>> = {
  '.maxUsers': '--max-users',
  '.maxConcurrent': '--max-users',
  '.users': '--users',
  '.total': '--iterations',
};

/**
 * The load of the scenario, or that of the options. Adds every problem of both.
 * @param load the scenario's load, of any type
 */
export function draftLoad(
  load: unknown,
  users: readonly SharingType[],
  overrides: PlanOverrides,
  problems: PlanProblem[],
): DraftedLoad {
  const { runTimeMs } = overrides;
  if (runTimeMs !== undefined && !(runTimeMs > 0 && runTimeMs <= MAX_RUN_MS)) {
    const hint = `use for example 30s or 5m, at most ${formatDuration(MAX_RUN_MS)}`;
    problems.push({ where: '--run-time', message: 'is not a valid run time', hint });
  }
  const override = overrideOf(overrides, problems);
  const names = users.map(({ name }) => name);
  if (isShape(load)) {
    problems.push(...findShapeProblems(load));
    if (override === undefined)
      return { parts: draftShape(names), runTimeMs, controller: controllerOf(load) };
  }
  const own = load === undefined || isShape(load) ? undefined : collectParts(load, names);
  if (own) problems.push(...own.problems, ...findPartProblems(own.parts, users, runTimeMs !== undefined));
  if (override === undefined) {
    const { parts = [whole('load', ONE_USER)], controller } = own ?? {};
    return { parts, runTimeMs, controller };
  }
  const part = whole(override.where, override.workload);
  problems.push(
    ...findPartProblems([part], users, true).map((problem) => ({
      ...problem,
      where: OPTION_OF_PLACE[problem.where.replace(override.where, '')] ?? problem.where,
    })),
  );
  const keptMs = override.hasNoLength && own ? (draftEndMs(own.parts) ?? undefined) : undefined;
  return { parts: [part], runTimeMs: runTimeMs ?? keptMs };
}

/**
 * Numbers the user types of a load, gives random orders their seeds, and limits it.
 * @param users names of the user types that have tasks left, in the order of the plan
 * @param addTable takes the due times of replayed files
 */
export function planLoad(
  { parts: drafts, runTimeMs }: DraftedLoad,
  users: readonly string[],
  seed: number,
  addTable: AddTable,
): Load {
  const kept = drafts.flatMap(({ user }, index) =>
    user === undefined || users.includes(user) ? [index] : [],
  );
  const parts = kept.map((index, at): LoadPart => {
    const { phase, user, startMs, follows, workload } = drafts[index]!;
    const before = follows.flatMap((one) => (kept.includes(one) ? [kept.indexOf(one)] : []));
    return {
      phase,
      types: user === undefined ? users.map((_, type) => type) : [users.indexOf(user)],
      startMs,
      ...(startMs === null && { follows: before }),
      workload: withOrder(workload, (seed + at) >>> 0, user === undefined ? users : [user], addTable),
    };
  });
  const load = { parts };
  if (runTimeMs === undefined) return load;
  const last = kept.flatMap((index, at) => (drafts[index]!.isFollowed ? [] : [at]));
  return limitLoad(load, runTimeMs, new Set(last));
}

function whole(where: string, workload: PartDraft['workload']): PartDraft {
  return { where, phase: '', user: undefined, startMs: 0, follows: [], workload, isFollowed: false };
}

/**
 * Gives an open workload its order.
 * @param seed of a random order without a seed of its own
 * @param users names of the user types of the part
 */
function withOrder(
  workload: PartDraft['workload'],
  seed: number,
  users: readonly string[],
  addTable: AddTable,
): Workload {
  if (workload.kind !== 'arrivals' && workload.kind !== 'iterations') return workload;
  const { random, replay, ...rest } = workload;
  if (replay !== undefined) return { ...rest, ...listedLoad(replay, users, addTable) };
  return { ...rest, order: random ? { kind: 'random', seed: random.seed ?? seed } : { kind: 'even' } };
}

function draftEndMs(parts: readonly PartDraft[]): Millis | null {
  return loadEndMs({
    parts: parts.map(({ phase, startMs, workload }) => ({
      phase,
      types: [],
      startMs,
      workload: workload as Workload,
    })),
  });
}
