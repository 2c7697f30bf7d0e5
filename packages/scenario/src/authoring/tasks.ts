import type { UserContext } from './context.js';
import type { RowsUnknownHere } from './tables.js';
import type { OnFailure } from './on-failure.js';

/** The code of a task. It runs once for each time the task is picked; the user waits in between. */
export type TaskFunction<S, D = {}> = (context: UserContext<S, D>) => unknown;

/** Options of `task`. */
export interface TaskOptions {
  /**
   * How often the task is picked, relative to the other tasks at the same level: 0 to 1,000,000.
   * Default 1. A task of weight 0 never runs. Inside `inOrder`, other weights have no effect.
   */
  readonly weight?: number;
  /**
   * Tags that `--tags` and `--exclude-tags` select by. The tags of a group apply to every task in
   * it. Default: none.
   */
  readonly tags?: readonly string[];
  /**
   * What happens when the task throws, or when a task of the group throws. Default: the setting of
   * the enclosing group, then of the user type.
   */
  readonly onFailure?: OnFailure;
}

/** Options of `inOrder`. */
export interface GroupOptions {
  /**
   * What happens when a task of the group throws. A task's own `onFailure` takes precedence.
   * Default: the setting of the enclosing group, then of the user type. If none is set, `inOrder`
   * skips the rest of its pass, and `anyOf` continues.
   */
  readonly onFailure?: OnFailure;
}

/** Options of `anyOf`. */
export interface ChoiceOptions extends GroupOptions {
  /** Number of tasks to pick in each pass of the group. A whole number of at least 1. Default 1. */
  readonly picks?: number;
}

/** A task or group with its options, as `task` returns it. */
export interface TaskEntry<S, D = {}> {
  readonly kind: 'task';
  readonly options: TaskOptions;
  readonly body: TaskFunction<S, D> | TaskGroup<S, D>;
}

/** A group of tasks, as `inOrder` and `anyOf` return it. */
export interface TaskGroup<S, D = {}> {
  readonly kind: 'group';
  /** `sequence`: every task in turn. `weighted`: `picks` tasks, chosen at random by weight. */
  readonly order: 'sequence' | 'weighted';
  /** Number of tasks in each pass of a `weighted` group. */
  readonly picks: number;
  /** What happens when a task of the group throws. */
  readonly onFailure?: OnFailure | undefined;
  /** The tasks of the group by name. */
  readonly tasks: Tasks<S, D>;
  /** The options that were passed, for validation. */
  readonly options?: ChoiceOptions;
}

/** Tasks and groups by name. The names identify tasks in reports and notes. */
export type Tasks<S, D = {}> = {
  readonly [name: string]: TaskFunction<S, D> | TaskEntry<S, D> | TaskGroup<S, D>;
};

/**
 * Gives a task or a group a weight, tags or a failure policy.
 *
 * @example
 * ```ts
 * tasks: {
 *   browse: task(3, async ({ http }) => { … }),
 *   buy: task({ weight: 1, tags: ['write'] }, async ({ http }) => { … }),
 * }
 * ```
 * @param weightOrOptions the weight alone, or an object of options
 */
export function task<S, D = RowsUnknownHere>(
  weightOrOptions: number | TaskOptions,
  body: TaskFunction<S, D> | TaskGroup<S, D>,
): TaskEntry<S, D> {
  const options = typeof weightOrOptions === 'number' ? { weight: weightOrOptions } : weightOrOptions;
  return { kind: 'task', options, body };
}

/**
 * Groups tasks that run in the order in which they are written, with the user's wait time between
 * them. If a task throws, the tasks after it are skipped, unless `onFailure` is set.
 *
 * @example
 * ```ts
 * tasks: inOrder({ login, search, buy })
 * ```
 */
export function inOrder<S, D = RowsUnknownHere>(
  tasks: Tasks<S, D>,
  options: GroupOptions = {},
): TaskGroup<S, D> {
  return { kind: 'group', order: 'sequence', picks: 1, onFailure: options.onFailure, tasks, options };
}

/**
 * Groups tasks of which some are chosen at random by weight. Each pass of the group runs `picks`
 * tasks, one by default. A task can be chosen more than once in a pass.
 *
 * @example
 * ```ts
 * tasks: { visit: anyOf({ read: task(5, read), write }, { picks: 3 }) }
 * ```
 */
export function anyOf<S, D = RowsUnknownHere>(
  tasks: Tasks<S, D>,
  options: ChoiceOptions = {},
): TaskGroup<S, D> {
  const { picks = 1, onFailure } = options;
  return { kind: 'group', order: 'weighted', picks, onFailure, tasks, options };
}
