import { optionKeys, parseDuration, requireKnownKeys, type Duration, type Millis } from '@drumline/model';
import { declareReplay, type DeclaredReplay } from '../../runtime/tables/declarations.js';
import type { RateDraft } from './rates.js';

/** Options of `replay`. */
export interface ReplayOptions {
  /**
   * The column of a CSV file, or the field of JSON lines, that has the time. Default: the first
   * one.
   */
  readonly time?: string;
  /**
   * The column or field that names the user type of each start. Default: user types share the
   * starts by weight.
   */
  readonly user?: string;
  /**
   * Unit of times that are numbers: `'s'` or `'ms'`. Default: seconds, or milliseconds if the
   * numbers are milliseconds since 1970.
   */
  readonly unit?: 's' | 'ms';
  /** How much faster than the file: 2 halves the time between starts. Default 1. */
  readonly speed?: number;
  /**
   * Spreads starts with the same time evenly over this time of the file, for logs with whole
   * seconds: `'1s'`. Default: they start together.
   */
  readonly spread?: Duration;
  /**
   * What starts: new users, or iterations on users that stay. Default: `'arrivals'`.
   */
  readonly kind?: 'arrivals' | 'iterations';
  /** The most users at a time. A start beyond it is counted as dropped. Default: no limit. */
  readonly maxUsers?: number;
}

/** A load that follows a file, as `replay` returns it. It ends with the last line of the file. */
export interface ReplayLoad {
  readonly kind: 'load';
  /** The load as data. */
  readonly workload: RateDraft;
  /** Delay of its start. */
  readonly afterMs: Millis;
  /**
   * Starts the load this long after the run, or after the phase before it.
   *
   * @throws RangeError if the duration is invalid
   */
  after(delay: Duration): ReplayLoad;
}

const KEYS = optionKeys<ReplayOptions>({
  time: true,
  user: true,
  unit: true,
  speed: true,
  spread: true,
  kind: true,
  maxUsers: true,
});

/**
 * Starts users or iterations at the times of a file, such as a log of production. Times count from
 * the earliest. They are seconds, or dates with a time (ISO 8601). The file has a time in each
 * line, or is CSV, JSON lines (`.ndjson`), or an access log; it may be compressed.
 *
 * `iteration.number` is the row of the file, from 0. So `perIteration()` of the same file gives the
 * row that belongs to the start.
 *
 * @example
 * ```ts
 * load: replay('./access.log', { spread: '1s' })
 * load: replay('./orders.csv', { time: 'created', user: 'client', speed: 10 })
 * ```
 * @param path relative to the scenario file
 * @throws RangeError if the speed or a duration is invalid
 * @throws TypeError if an option is unknown
 * @throws Error if it is called after the scenario was loaded
 */
export function replay(path: string, options: ReplayOptions = {}): ReplayLoad {
  requireKnownKeys(options, KEYS, 'replay');
  const { time, user, unit, speed = 1, spread = 0, kind = 'arrivals', maxUsers } = options;
  if (!(typeof speed === 'number' && speed > 0 && speed <= MAX_SPEED && speed >= 1 / MAX_SPEED))
    throw new RangeError(`replay: speed is ${speed}; use a number such as 10 or 0.5`);
  if (unit !== undefined && unit !== 's' && unit !== 'ms')
    throw new TypeError(`replay: unit is '${String(unit)}'; use 's' or 'ms'`);
  if (kind !== 'arrivals' && kind !== 'iterations')
    throw new TypeError(`replay: kind is '${String(kind)}'; use 'arrivals' or 'iterations'`);
  const source = declareReplay({ path, time, user, unit, speed, spreadMs: parseDuration(spread) });
  return replayLoad(source, kind, maxUsers, 0);
}

const MAX_SPEED = 1_000_000;

function replayLoad(
  source: DeclaredReplay,
  kind: 'arrivals' | 'iterations',
  maxUsers: number | undefined,
  afterMs: Millis,
): ReplayLoad {
  return {
    kind: 'load',
    afterMs,
    // The file is read after the scenario has been loaded.
    get workload(): RateDraft {
      const { rate = { fromPerSecond: 0, stages: [] } } = source.found ?? {};
      const limit = kind === 'arrivals' ? 'maxConcurrent' : 'maxUsers';
      return { kind, rate, replay: source, ...(maxUsers !== undefined && { [limit]: maxUsers }) };
    },
    after: (delay) => replayLoad(source, kind, maxUsers, parseDuration(delay)),
  };
}
