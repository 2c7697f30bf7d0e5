import type { UserContext } from './context.js';

/** What a task does. It may be called again as soon as it is done and the wait is over. */
export type TaskFunction<S> = (context: UserContext<S>) => unknown;

export interface TaskOptions {
  /** How often it is picked, relative to the others beside it. Default 1. */
  readonly weight?: number;
  /** For `--tags` and `--exclude-tags`. A group's tags count for all that is in it. */
  readonly tags?: readonly string[];
}

/** A task, or a group, with its options. */
export interface TaskEntry<S> {
  readonly kind: 'task';
  readonly options: TaskOptions;
  readonly body: TaskFunction<S> | TaskGroup<S>;
}

/** Options of `anyOf`. */
export interface GroupOptions {
  /** How many tasks are picked each time. Default 1. */
  readonly picks?: number;
}

/** Tasks that belong together. */
export interface TaskGroup<S> {
  readonly kind: 'group';
  /** `sequence`: each in turn. `weighted`: `picks` of them, at random by weight. */
  readonly order: 'sequence' | 'weighted';
  readonly picks: number;
  readonly tasks: Tasks<S>;
  /** As they were given. */
  readonly options?: GroupOptions;
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

/** A group that runs its tasks in the order in which they are written, with the user's wait time between them. */
export function inOrder<S>(tasks: Tasks<S>): TaskGroup<S> {
  return { kind: 'group', order: 'sequence', picks: 1, tasks };
}

/** A group that, each time it is picked, picks `picks` of its tasks at random by weight before it is left again. */
export function anyOf<S>(tasks: Tasks<S>, options: GroupOptions = {}): TaskGroup<S> {
  return { kind: 'group', order: 'weighted', picks: options.picks ?? 1, tasks, options };
}
