import { parseDuration, type Duration, type Millis } from '@drumline/model';
import type { LimitSearch } from './find-limit.js';
import type { FixedLoad } from './iterations.js';
import type { RateLoad } from './rates.js';
import type { ReplayLoad } from './replay.js';
import type { ShapeLoad } from './shape.js';
import type { UserLoad } from './users.js';

/**
 * What users do over time: their number, a rate, the times of a file, or a fixed number of
 * iterations.
 */
export type Load = UserLoad | RateLoad | ReplayLoad | FixedLoad;

/** A phase of `inTurn`: a load for all users, several side by side, or a load by user type. */
export type Phase = Load | readonly Load[] | Readonly<Record<string, Load | readonly Load[]>>;

/** The names of the user types in phases that have a load by user type. */
export type UsersIn<P> = {
  [Name in keyof P]: P[Name] extends Load | readonly Load[] ? never : keyof P[Name] & string;
}[keyof P];

/** Loads in turn, as `inTurn` returns it. `Users` are the names of the user types in it. */
export interface InTurn<Users extends string = never> {
  readonly kind: 'in-turn';
  /** The phases in their order, with their names. */
  readonly phases: readonly (readonly [name: string, load: Phase])[];
  /** Delay of its start. */
  readonly afterMs: Millis;
  /** Never set. It lets the compiler check the names of the user types. */
  readonly users?: Users;
  /**
   * Starts the first phase this long after the run.
   *
   * @throws RangeError if the duration is invalid
   */
  after(delay: Duration): InTurn<Users>;
}

/** A load for each user type, by name. */
export type LoadByUser<Users extends string> = {
  readonly [Name in Users]?: Load | InTurn | readonly (Load | InTurn)[];
};

/** A load that is decided while the run goes on. */
export type DecidedLoad<Users extends string> = LimitSearch | ShapeLoad<Users>;

/**
 * The load of a scenario: one for all users, which share it by weight, several side by side, one
 * for each user type, or a function that decides. `Users` are the names of the user types.
 */
export type ScenarioLoad<Users extends string = string> =
  Load | InTurn<Users> | readonly (Load | InTurn<Users>)[] | LoadByUser<Users> | DecidedLoad<Users>;

/**
 * Runs loads one after the other. Their names are the value of the tag `phase` of requests, checks
 * and metrics, so that reports and thresholds can select a phase.
 *
 * @example
 * ```ts
 * load: inTurn({
 *   warmUp: ramp({ to: 20, over: '30s' }),
 *   rate: iterations('200/s').hold('5m'),
 *   fixed: iterations({ total: 500, users: 20 }).limit('2m'),
 * })
 * ```
 */
export function inTurn<const P extends Readonly<Record<string, Phase>>>(phases: P): InTurn<UsersIn<P>> {
  return turns(Object.entries(phases), 0);
}

function turns<Users extends string>(phases: InTurn['phases'], afterMs: Millis): InTurn<Users> {
  return { kind: 'in-turn', phases, afterMs, after: (delay) => turns(phases, parseDuration(delay)) };
}
