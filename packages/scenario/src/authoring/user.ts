import type { HttpSettings } from '@drumline/drivers';
import { optionKeys, requireKnownKeys } from '@drumline/model';
import type { UserContext } from './context.js';
import type { DataBindings } from './tables.js';
import type { OnFailure, UserOnFailure } from './on-failure.js';
import type { TaskGroup, Tasks } from './tasks.js';
import type { WaitFunction, WaitTime } from './wait.js';

/** A lane group: lanes that only certain user types use. */
export interface LaneGroupSpec {
  /** Name of the group. User types with the same group share its lanes. */
  readonly group: string;
  /**
   * Number of lanes of the group on each worker. Default: the lanes of a worker are divided by the
   * number of users in each group, at least one for each.
   */
  readonly count?: number;
}

/** Options of `user`. `S` is the type of the user's state, `D` that of `data`. */
export interface UserSpec<S, D extends DataBindings = {}> {
  /**
   * Share of the users, relative to the other user types: 0 to 1,000,000. Default 1. Ignored if
   * `fixedCount` is set.
   */
  readonly weight?: number;
  /**
   * Exact number of users of this type. They start before users of weighted types and are part of
   * the load's number of users. Default: the number follows from `weight`.
   */
  readonly fixedCount?: number;
  /**
   * Lane group of these users: its name, or its name and number of lanes. Users of different groups
   * never share a process, so that CPU-intensive users do not distort the response times of others.
   * Default: the group `default`.
   */
  readonly lanes?: string | LaneGroupSpec;
  /** Wait time after each task, or a function that computes it. Default: none. */
  readonly wait?: WaitTime | WaitFunction;
  /** HTTP settings that override those of the scenario. */
  readonly http?: HttpSettings;
  /** Tags of every request of these users, added to those of the scenario. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * What happens when `onStart` or a task throws: one policy for both, or an object with one for
   * each. Default: see `UserOnFailure` and `GroupOptions`.
   */
  readonly onFailure?: OnFailure | UserOnFailure;
  /**
   * Test data by name: `{ account: accounts.perUser() }`. Tasks read the rows as `data.account`.
   * Inside `task`, `inOrder` and `anyOf`, the compiler knows the rows only if `data` is declared in
   * the second argument of `user`. Default: none.
   */
  readonly data?: D;
  /**
   * Runs when a user starts, before its first task. If it throws, it is retried, with five attempts
   * in total. After that the user stops, and a note counts the users that did not start. Change
   * this with `onFailure`.
   */
  readonly onStart?: (context: UserContext<S, NoInfer<D>>) => unknown;
  /**
   * Runs when a user stops, after its last task, if `onStart` succeeded. If the stop timeout
   * interrupts the user, `onStop` may take three seconds.
   */
  readonly onStop?: (context: UserContext<S, NoInfer<D>>) => unknown;
  /**
   * Tasks by name, of which each iteration runs one, chosen at random by weight. `inOrder({ … })`
   * runs all of them in order instead.
   */
  readonly tasks: Tasks<S, NoInfer<D>> | TaskGroup<S, NoInfer<D>>;
}

/** What each user of a type has: the second argument of `user`. */
export interface UserData<S, D extends DataBindings = {}> {
  /** Creates the state of one user; called each time a user starts. Default: no state. */
  readonly state?: () => S;
  /** Test data by name, see `UserSpec`. Default: none. */
  readonly data?: D;
}

const DATA_KEYS = optionKeys<UserData<unknown>>({ state: true, data: true });

/** A user type, as `user` returns it. `S` is the type of its state, `Name` its name. */
export interface UserType<S = unknown, Name extends string = string> {
  readonly kind: 'user';
  /** Name of the user type, unique in the scenario. */
  readonly name: Name;
  /** Creates the state of one user. */
  readonly makeState: () => S;
  /** The options that were passed. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly spec: UserSpec<S, any>;
}

/**
 * Declares a user type whose users have no state.
 *
 * @example
 * ```ts
 * const visitor = user('visitor', {
 *   wait: between('1s', '3s'),
 *   tasks: { browse: async ({ http }) => { await http.get('/'); } },
 * });
 * ```
 * @param name name in reports, unique in the scenario
 */
export function user<Name extends string, const D extends DataBindings = {}>(
  name: Name,
  spec: UserSpec<undefined, D>,
): UserType<undefined, Name>;
/**
 * Declares a user type whose users each have their own state. The return type of `makeState` is the
 * type of `state` in every task. An object instead declares state, test data, or both. The types of
 * its rows are then known in every task, also inside `task`, `inOrder` and `anyOf`.
 *
 * @example
 * ```ts
 * const shopper = user('shopper', () => ({ cart: [] as number[] }), {
 *   tasks: { add: ({ state }) => state.cart.push(7) },
 * });
 * const buyer = user('buyer', { data: { account: accounts.perUser() } }, {
 *   tasks: inOrder({ open: ({ http, data }) => http.get(`/accounts/${data.account.id}`) }),
 * });
 * ```
 * @param name name in reports, unique in the scenario
 * @param own creates the state of one user, called each time a user starts; or what users have
 * @throws TypeError if `own` has an unknown option, or `data` is declared twice
 */
export function user<S = undefined, Name extends string = string, const D extends DataBindings = {}>(
  name: Name,
  own: (() => S) | UserData<S, D>,
  spec: UserSpec<NoInfer<S>, D>,
): UserType<S, Name>;
export function user<S>(
  name: string,
  // oxlint-disable-next-line typescript/no-explicit-any
  ...rest: [UserSpec<S, any>] | [(() => S) | UserData<S, any>, UserSpec<S, any>]
): UserType<S> {
  const noState = () => undefined as S;
  if (rest.length === 1) return { kind: 'user', name, makeState: noState, spec: rest[0] };
  const [own, spec] = rest;
  if (typeof own === 'function') return { kind: 'user', name, makeState: own, spec };
  requireKnownKeys(own, DATA_KEYS, `user('${name}')`);
  const { state = noState, data } = own;
  if (typeof state !== 'function') throw new TypeError(`user('${name}'): state is not a function`);
  if (data === undefined) return { kind: 'user', name, makeState: state, spec };
  if (spec?.data !== undefined) throw new TypeError(`user('${name}'): data is declared twice`);
  return { kind: 'user', name, makeState: state, spec: { ...spec, data } };
}
