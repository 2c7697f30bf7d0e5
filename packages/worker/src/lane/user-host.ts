import type { Millis, Retirement } from '@drumline/model';
import type { UserType } from '@drumline/scenario';
import type { Branch } from '@drumline/scenario/runtime';
import type { LaneContext } from './context.js';
import type { LaneObserver } from './observer.js';
import type { Drivers } from './user-clients.js';
import type { OpenRows } from './user-rows.js';

/** A user type of the lane group, ready to run. */
export interface LoadedType {
  readonly type: UserType;
  readonly tasks: Branch<unknown>;
  readonly drivers: Drivers;
  /** Tags of the scenario and of the user type. */
  readonly tags: Readonly<Record<string, string>>;
  /** Opens the test data of a user. */
  readonly openRows: OpenRows | undefined;
}

/** What the users of a lane share. */
export interface LaneHost {
  readonly stopTimeoutMs: number;
  now(): number;
  /** Records an exception of user code, unless the run caused it or it is already counted. */
  threw(user: string, task: string, error: unknown): void;
  /** A task has ended while one of its requests was in flight. */
  floated(user: string, task: string): void;
  passGate(): Promise<void> | undefined;
  /** Runs user code so that its calls are known to belong to this user. */
  enter<T>(user: LaneContext, code: () => T): T;
  /** Watches tasks and iterations, for debugging. */
  readonly observer?: Pick<LaneObserver, 'began' | 'iterated'> | undefined;
  /** Cuts off what the users share. */
  cutShared(): void;
}

/** What the users of a part of the load share. */
export interface UserHost {
  readonly lane: LaneHost;
  /** A user has ended before the load asked for it. No other takes its place. */
  retired(why: Retirement): void;
  makeContext(loaded: LoadedType, item: number): LaneContext;
  /** A time at which a user with a constant interval should start a task, on the clock of `now`. */
  placeMs(item: number, periodMs: Millis): Millis;
}
