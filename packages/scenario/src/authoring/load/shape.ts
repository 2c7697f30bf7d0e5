import { optionKeys, requireKnownKeys, type Millis, type ParameterValue } from '@drumline/model';

/** The figures of the last second whose results are complete. All are 0 if nothing was measured. */
export interface ShapeStats {
  /** Half of the response times are not longer. */
  readonly p50Ms: number;
  /** 95% of the response times are not longer. */
  readonly p95Ms: number;
  /** 99% of the response times are not longer. */
  readonly p99Ms: number;
  /** Requests that ended in that second. */
  readonly requestsPerSecond: number;
  /** Requests that failed in that second. */
  readonly failuresPerSecond: number;
  /** Share of failed requests, from 0 to 1. */
  readonly errorRate: number;
}

/** The argument of the function of `shape`. */
export interface ShapeContext {
  /** Time since the start of the run, without pauses, in milliseconds. */
  readonly elapsedMs: Millis;
  /** Users that run at present, as the workers last reported them. */
  readonly users: number;
  /** The figures of the last second. */
  readonly stats: ShapeStats;
  /** The values of the parameters, by name. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** Options of `shape`. */
export interface ShapeOptions {
  /** Users that start or stop per second after each change. Default: all at once. */
  readonly spawnRate?: number;
}

/** The answer of a shape: users in all, users by user type, or `null` to end the run. */
export type ShapeAnswer = number | { readonly [name: string]: number | undefined } | null;

/** The names of the user types in an answer. */
export type UsersInAnswer<Answer> = Answer extends number | null
  ? never
  : string extends keyof Answer
    ? never
    : keyof Answer & string;

/** A load that a function decides about, as `shape` returns it. */
export interface ShapeLoad<Users extends string = never> {
  /** Distinguishes it from other loads. */
  readonly kind: 'shape';
  /** The function that was passed. */
  readonly decide: (context: ShapeContext) => unknown;
  /** The options that were passed. */
  readonly options: ShapeOptions;
  /** Never set. It lets the compiler check the names of the user types. */
  readonly users?: Users;
}

const SHAPE_KEYS = optionKeys<ShapeOptions>({ spawnRate: true });

/**
 * Asks a function once a second how many users to run. It runs on the master. If it throws, or
 * returns something else, the load stays as it is and the result has a note.
 *
 * @example
 * ```ts
 * load: shape(({ elapsedMs, users, stats }) => {
 *   if (elapsedMs > 600_000) return null;
 *   return stats.p95Ms < 300 ? users + 10 : users;
 * })
 * load: shape(({ elapsedMs }) => ({ shopper: elapsedMs < 60_000 ? 50 : 500 }), { spawnRate: 20 })
 * ```
 * @param decide returns the number of users, which user types share by weight; or the users of each
 * type, where missing ones keep theirs; or `null` to end the run
 * @throws TypeError if an option is unknown
 */
export function shape<const Answer extends ShapeAnswer>(
  decide: (context: ShapeContext) => Answer | Promise<Answer>,
  options: ShapeOptions = {},
): ShapeLoad<UsersInAnswer<Answer>> {
  requireKnownKeys(options, SHAPE_KEYS, 'shape');
  return { kind: 'shape', decide, options };
}
