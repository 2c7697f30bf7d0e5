import type { HttpSettings } from '@drumline/drivers';
import type { Duration } from '@drumline/model';
import type { BaseContext, MasterHookContext, WorkerHookContext } from './context.js';
import type { Load } from './load.js';
import type { UserType } from './user.js';

/** `setup` with a result that every user can read, see `setup()`. */
export interface Setup<T> {
  readonly kind: 'setup';
  readonly run: (context: BaseContext) => T | Promise<T>;
  /** What `run` gave. The same value in every user, on every worker; @throws Error before the setup has run */
  readonly result: T;
}

/** Hooks for the events of a run on the master. One that throws is noted in the report; the run goes on. */
export interface MasterHooks {
  /** The users are about to start. */
  readonly runStart?: (context: MasterHookContext) => unknown;
  /** Every user has stopped and everything is counted. */
  readonly runStop?: (context: MasterHookContext) => unknown;
  readonly workerJoined?: (context: MasterHookContext) => unknown;
  readonly workerLeft?: (context: MasterHookContext) => unknown;
  readonly workerLost?: (context: MasterHookContext) => unknown;
}

/** Hooks for the events of a run on the workers: once in each lane, as lanes share no memory. */
export interface WorkerHooks {
  /** Before the lane's first user starts; users wait for it. If it throws, the worker cannot take part. */
  readonly runStart?: (context: WorkerHookContext) => unknown;
  /** After the lane's last user has stopped. */
  readonly runStop?: (context: WorkerHookContext) => unknown;
}

/** What a scenario is made of. */
export interface ScenarioSpec {
  /** For people; by default the file's name. */
  readonly name?: string;
  /** Base URL of relative requests, `https://shop.example`. `--target` overrides it. */
  readonly target?: string;
  /** Any user types; what their states are is their own business. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly users: readonly UserType<any>[];
  /** Default: one user until the run is stopped. `--users`, `--spawn-rate` and `--run-time` override it. */
  readonly load?: Load;
  /** How long running tasks may take to end when the run stops. Default 30 s; `--stop-timeout` overrides it. */
  readonly stopTimeout?: Duration;
  /** Connection and request defaults of all users. */
  readonly http?: HttpSettings;
  /** Tags of every request. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Runs once per run, on one worker, before any user starts. If it throws, the run does not start. */
  readonly setup?: Setup<unknown> | ((context: BaseContext) => unknown);
  /** Runs once per run, on one worker, when all users have stopped. */
  readonly teardown?: (context: BaseContext) => unknown;
  readonly onMaster?: MasterHooks;
  readonly onWorker?: WorkerHooks;
}

/** A scenario: what the file's default export must be. */
export interface Scenario {
  readonly kind: 'scenario';
  readonly spec: ScenarioSpec;
}

/** Declares the scenario: `export default scenario({ target, users: [shopper], load })`. */
export function scenario(spec: ScenarioSpec): Scenario {
  return { kind: 'scenario', spec };
}

/**
 * Declares a setup whose result every user can read, typed:
 * `const accounts = setup(async ({ http }) => (await http.get('/accounts')).json<string[]>());`
 * then `scenario({ setup: accounts, … })` and `accounts.result[0]` in any task. The result crosses the network: plain data.
 */
export function setup<T>(run: (context: BaseContext) => T | Promise<T>): Setup<T> {
  return new ResultHolder(run);
}

/** Gives a setup the result that came from wherever it ran. */
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
      'The result of setup() was read before the setup ran: name it in scenario({ setup }) and read it in tasks.',
    );
  }
}
