import type { UserContext } from './context.js';
import type { OnFailure } from './on-failure.js';

/** What a task does. It may be called again as soon as it is done and the wait is over. */
export type TaskFunction<S> = (context: UserContext<S>) => unknown;

export interface TaskOptions {
  /** How often it is picked, relative to the others beside it. Default 1. */
  readonly weight?: number;
  /** For `--tags` and `--exclude-tags`. A group's tags count for all that is in it. */
  readonly tags?: readonly string[];
  /**
   * What follows when it throws; of a group, when one of its tasks does. Default: that of the group
   * or user type it is in.
   */
  readonly onFailure?: OnFailure;
}

/** Options of `inOrder`. */
export interface GroupOptions {
  /**
   * What follows when one of its tasks throws, unless the task has its own. Default: `inOrder`
   * leaves the rest of its pass out, `anyOf` goes on.
   */
  readonly onFailure?: OnFailure;
}

/** Options of `anyOf`. */
export interface ChoiceOptions extends GroupOptions {
  /** How many tasks are picked each time. Default 1. */
  readonly picks?: number;
}

/** A task, or a group, with its options. */
export interface TaskEntry<S> {
  readonly kind: 'task';
  readonly options: TaskOptions;
  readonly body: TaskFunction<S> | TaskGroup<S>;
}

/** Tasks that belong together. */
export interface TaskGroup<S> {
  readonly kind: 'group';
  /** `sequence`: each in turn. `weighted`: `picks` of them, at random by weight. */
  readonly order: 'sequence' | 'weighted';
  readonly picks: number;
  readonly onFailure?: OnFailure | undefined;
  readonly tasks: Tasks<S>;
  /** As they were given. */
  readonly options?: ChoiceOptions;
}

/** Tasks by name. */
export type Tasks<S> = { readonly [name: string]: TaskFunction<S> | TaskEntry<S> | TaskGroup<S> };

/** Gives a task, or a group of tasks, a weight: `task(3, async ({ http }) => { … })`; or weight and tags. */
export function task<S>(
  weightOrOptions: number | TaskOptions,
  body: TaskFunction<S> | TaskGroup<S>,
): TaskEntry<S> {
  const options = typeof weightOrOptions === 'number' ? { weight: weightOrOptions } : weightOrOptions;
  return { kind: 'task', options, body };
}

/**
 * A group that runs its tasks in the order in which they are written, with the user's wait time
 * between them. If one throws, those after it are left out, unless `onFailure` says otherwise.
 */
export function inOrder<S>(tasks: Tasks<S>, options: GroupOptions = {}): TaskGroup<S> {
  return { kind: 'group', order: 'sequence', picks: 1, onFailure: options.onFailure, tasks, options };
}

/** A group that, each time it is picked, picks `picks` of its tasks at random by weight before it is left again. */
export function anyOf<S>(tasks: Tasks<S>, options: ChoiceOptions = {}): TaskGroup<S> {
  const { picks = 1, onFailure } = options;
  return { kind: 'group', order: 'weighted', picks, onFailure, tasks, options };
}
