import type { HttpSettings } from '@drumline/drivers';
import type { Duration } from '@drumline/model';
import type { BaseContext } from './context.js';
import type { MasterHooks, WorkerHooks } from './hooks.js';
import type { ScenarioLoad } from './load/load.js';
import type { ThresholdSpec } from './thresholds.js';
import type { UserType } from './user.js';

/** A setup whose result every user can read, as `setup` returns it. */
export interface Setup<T> {
  readonly kind: 'setup';
  /** The function that was passed to `setup`. */
  readonly run: (context: BaseContext) => T | Promise<T>;
  /**
   * The result of the setup, the same on every worker.
   *
   * @throws Error if it is read before the setup has run
   */
  readonly result: T;
}

/** Options of `scenario`. `Users` are the names of its user types. */
export interface ScenarioSpec<Users extends string = string> {
  /** Name of the scenario in reports. Default: the name of the file. */
  readonly name?: string;
  /**
   * Base URL of requests with a relative path, such as `https://shop.example`. `--target` overrides
   * it. Default: none, requests then need absolute URLs.
   */
  readonly target?: string;
  /** User types, at least one. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly users: readonly UserType<any, Users>[];
  /**
   * What users do over time, for all users together or by user type. `--users`, `--rate`,
   * `--iterations` and other options override it. Default: one user until the run is stopped.
   */
  readonly load?: ScenarioLoad<NoInfer<Users>>;
  /**
   * How long running tasks may take to finish when the run stops; after that they are interrupted.
   * `--stop-timeout` overrides it. Default 30 s.
   */
  readonly stopTimeout?: Duration;
  /** HTTP settings of all users. */
  readonly http?: HttpSettings;
  /** Tags of every request. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Requirements for the run, such as `p99 < 300ms`. With thresholds, only they decide whether the
   * run passes. `--threshold` adds more. Default: none, any failure then fails the run.
   */
  readonly thresholds?: readonly ThresholdSpec[];
  /**
   * Failed requests to keep of each error, with their responses, for the report: 0 to 20, 0 keeps
   * none. `--failure-samples` overrides it. Default 2.
   */
  readonly failureSamples?: number;
  /**
   * Outputs that get each second of the run while it runs, as for `--out`:
   * `['ndjson=seconds.ndjson']`. Those of `--out` are added. Default: none.
   */
  readonly outputs?: readonly string[];
  /**
   * Runs once per run, on one worker, before any user starts. If it throws, the run does not start.
   */
  readonly setup?: Setup<unknown> | ((context: BaseContext) => unknown);
  /** Runs once per run, on one worker, after all users have stopped. */
  readonly teardown?: (context: BaseContext) => unknown;
  /** Hooks that run on the master. */
  readonly onMaster?: MasterHooks;
  /** Hooks that run on workers, in each lane. */
  readonly onWorker?: WorkerHooks;
}

/** A scenario, as `scenario` returns it. It must be the default export of the scenario file. */
export interface Scenario {
  readonly kind: 'scenario';
  /** The options that were passed. */
  readonly spec: ScenarioSpec;
}

/**
 * Declares the scenario. Mistakes in it are all reported together, by `drumline check` or when a
 * run starts.
 *
 * @example
 * ```ts
 * export default scenario({
 *   target: 'https://shop.example',
 *   users: [shopper],
 *   load: ramp({ to: 500, over: '2m' }).hold('10m'),
 * });
 * ```
 */
export function scenario<Users extends string>(spec: ScenarioSpec<Users>): Scenario {
  return { kind: 'scenario', spec: spec as ScenarioSpec };
}

/**
 * Declares a setup whose typed result every user can read. The result is sent to all workers, so it
 * must be plain data.
 *
 * @example
 * ```ts
 * const accounts = setup(async ({ http }) => (await http.get('/accounts')).json<string[]>());
 * // in a task:
 * await http.get(`/accounts/${accounts.result[user.index]}`);
 * export default scenario({ setup: accounts, users: [customer] });
 * ```
 */
export function setup<T>(run: (context: BaseContext) => T | Promise<T>): Setup<T> {
  return new ResultHolder(run);
}

/** Stores the result of a setup that ran on another worker. */
export function provideSetupResult(of: ScenarioSpec['setup'], result: unknown): void {
  if (of instanceof ResultHolder) of.provide(result);
}

class ResultHolder<T> implements Setup<T> {
  readonly kind = 'setup';
  private held: { value: T } | undefined;

  constructor(readonly run: (context: BaseContext) => T | Promise<T>) {}

  provide(value: T): void {
    this.held = { value };
  }

  get result(): T {
    if (this.held) return this.held.value;
    throw new Error(
      'The result of setup() was read before the setup ran: pass it to scenario({ setup }) and read it in tasks.',
    );
  }
}
