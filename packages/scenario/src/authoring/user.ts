import type { HttpSettings } from '@drumline/drivers';
import type { UserContext } from './context.js';
import type { OnFailure, UserOnFailure } from './on-failure.js';
import type { TaskGroup, Tasks } from './tasks.js';
import type { WaitTime } from './wait.js';

/** Lanes for the user types of one group alone. */
export interface LaneGroupSpec {
  /** User types that name the same group share its lanes. */
  readonly group: string;
  /** How many each worker has. By default lanes are shared among groups by their users, and every group has at least one. */
  readonly count?: number;
}

/** What a user type is made of. */
export interface UserSpec<S> {
  /** Its part of the load relative to the other user types. Default 1. */
  readonly weight?: number;
  /** Exactly this many users, whatever the load; they are served before any weighted type. */
  readonly fixedCount?: number;
  /**
   * The lane group of these users: they run in processes apart from those of other groups, so that what costs them a lot of CPU
   * leaves the response times of the others alone. Just a name, or with the number of lanes. Default: the group of all others.
   */
  readonly lanes?: string | LaneGroupSpec;
  /** How long a user waits after each task. Default: not at all. */
  readonly wait?: WaitTime;
  /** Connection and request defaults, over those of the scenario. */
  readonly http?: HttpSettings;
  /** Tags of every request of these users. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * What follows when `onStart` or a task throws; for all of them, or for `onStart` and the tasks
   * apart.
   */
  readonly onFailure?: OnFailure | UserOnFailure;
  /**
   * Runs when a user starts, before its first task. If it throws, it is tried again, five times in
   * all; then the user stops, and a note says how many did not start. See `onFailure`.
   */
  readonly onStart?: (context: UserContext<S>) => unknown;
  /**
   * Runs when a user stops, after its last task, if its `onStart` went well. A user that is cut off
   * when the stop time-out ends has three seconds for it.
   */
  readonly onStop?: (context: UserContext<S>) => unknown;
  /** What its users do: by weight, or `inOrder({ … })`. */
  readonly tasks: Tasks<S> | TaskGroup<S>;
}

/** A user type. */
export interface UserType<S = unknown> {
  readonly kind: 'user';
  readonly name: string;
  /** Makes the state of one user. */
  readonly makeState: () => S;
  readonly spec: UserSpec<S>;
}

/** Declares a user type. */
export function user(name: string, spec: UserSpec<undefined>): UserType<undefined>;
/**
 * Declares a user type whose users have a state each. `makeState` is called once for every user, and its type is the type of
 * `state` in every task: `user('shopper', () => ({ cart: [] as number[] }), { tasks: { add: ({ state }) => … } })`.
 */
export function user<S>(name: string, makeState: () => S, spec: UserSpec<NoInfer<S>>): UserType<S>;
export function user<S>(name: string, ...rest: [UserSpec<S>] | [() => S, UserSpec<S>]): UserType<S> {
  const [makeState, spec] = rest.length === 1 ? [() => undefined as S, rest[0]] : rest;
  return { kind: 'user', name, makeState, spec };
}
