import { optionKeys, type Duration, type ParameterValue } from '@drumline/model';

/** A linear change of the load. */
export interface Stage {
  /** How long the change takes: `'2m'`, or milliseconds. */
  readonly over: Duration;
  /** A number of users, or a rate such as `'200/s'`. */
  readonly to: number | string;
}

/** Files to write once the run has ended. Relative paths start at the working directory. */
export interface ReportFiles {
  /** The HTML report. */
  readonly html?: string | undefined;
  /** The result as JSON. */
  readonly json?: string | undefined;
  /** Prefix of the CSV files. */
  readonly csv?: string | undefined;
  readonly junit?: string | undefined;
  /** A summary in Markdown. */
  readonly summaryMd?: string | undefined;
}

/** A master that stays: `drumline serve`. */
export interface ServiceOptions {
  /** Address of its control API. */
  readonly url: string;
  /** Its token for the role `run` or `admin`; a master on loopback may need none. */
  readonly token?: string | undefined;
  /** PEM file of the authority of its certificate, if Node does not trust it. */
  readonly ca?: string | undefined;
}

/**
 * The options of `startRun`. They are those of `drumline run`, with the same defaults, except that
 * nothing is written to disk unless `dataDir` or `reports` is set.
 */
export interface RunOptions {
  /** The scenario file. A URL such as `new URL('./shop.ts', import.meta.url)` is valid, too. */
  readonly scenario: string | URL;
  /** Base URL of relative request URLs. */
  readonly target?: string | undefined;

  /** Number of users. Like all options of the load, it overrides the load of the scenario. */
  readonly users?: number | undefined;
  /** Users started per second, with `users`. */
  readonly spawnRate?: number | undefined;
  /** Iterations started per second, on users that stay: `'200/s'`, or a number. */
  readonly rate?: string | number | undefined;
  /** New users per second, each for one iteration. */
  readonly arrivals?: string | number | undefined;
  /** The most users at a time, with `rate` or `arrivals`. */
  readonly maxUsers?: number | undefined;
  /** Number of iterations, shared by `users`. */
  readonly iterations?: number | undefined;
  readonly stages?: readonly Stage[] | undefined;
  /** Whether starts of `rate` or `arrivals` are at random times. */
  readonly random?: boolean | undefined;
  /** The number from which random orders are computed. */
  readonly seed?: number | undefined;
  /** Length of the run: `'5m'`, or milliseconds. */
  readonly runTime?: Duration | undefined;
  /** How long running tasks may take to finish when the run stops. */
  readonly stopTimeout?: Duration | undefined;
  /** Run only tasks with one of these tags. */
  readonly tags?: readonly string[] | undefined;
  readonly excludeTags?: readonly string[] | undefined;
  readonly maxSeries?: number | undefined;
  /** Failed requests to keep of each error. */
  readonly failureSamples?: number | undefined;

  /** Values for the parameters of the scenario. */
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  /** Values that the scenario reads from `secrets` and that no output shows. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Environment variables of the scenario. Of this process, it gets only the likes of PATH. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Labels in reports and results. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Requirements in addition to those of the scenario: `'p99 < 300ms'`. */
  readonly thresholds?: readonly string[] | undefined;
  /** Conditions that end the run: `'error rate > 10% over 10s'`. */
  readonly abortOn?: readonly string[] | undefined;
  /** Packages that cannot be bundled. */
  readonly external?: readonly string[] | undefined;

  /** Submits the run to a service, whose workers execute it. Default: it runs on this machine. */
  readonly service?: ServiceOptions | undefined;
  /** Number of workers. Default: 1, or all workers of the service. */
  readonly workers?: number | undefined;
  /** Lanes (processes that generate load) of each worker. Default: one per CPU, less one. */
  readonly lanes?: number | undefined;
  /** Heap limit of a lane, MiB. */
  readonly laneHeapMb?: number | undefined;
  /** What happens to the users of a lost worker. */
  readonly onWorkerLost?: 'rebalance' | 'wait' | 'continue' | 'fail' | undefined;
  /** Continue even if no request reaches the target. */
  readonly keepGoing?: boolean | undefined;
  /** Start even if a limit of a worker's machine will certainly break the run. */
  readonly force?: boolean | undefined;
  /** What happens if a worker was the bottleneck. */
  readonly untrusted?: 'warn' | 'fail' | undefined;

  /** Directory in which the run is stored while it goes on. Default: it is not stored. */
  readonly dataDir?: string | undefined;
  readonly reports?: ReportFiles | undefined;
  /**
   * Outputs that get each second of the run while it runs: `['ndjson=seconds.ndjson']`. A service
   * opens them on its machine, if it was started with `--allow-outputs`.
   */
  readonly outputs?: readonly string[] | undefined;

  /** Receives each line that the run logs or the scenario prints, at most 100 lines a second. */
  readonly log?: ((line: string) => void) | undefined;
  /** Stops the run gracefully. Before it has started, `startRun` throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What of the options is sent to the child process. */
export type RunOrder = Omit<RunOptions, 'scenario' | 'log' | 'signal'> & {
  readonly scenario: string;
  /** Whether lines of the log are wanted. */
  readonly logs: boolean;
};

export const RUN_OPTION_KEYS = optionKeys<RunOptions>({
  scenario: true,
  target: true,
  users: true,
  spawnRate: true,
  rate: true,
  arrivals: true,
  maxUsers: true,
  iterations: true,
  stages: true,
  random: true,
  seed: true,
  runTime: true,
  stopTimeout: true,
  tags: true,
  excludeTags: true,
  maxSeries: true,
  failureSamples: true,
  parameters: true,
  secrets: true,
  env: true,
  labels: true,
  thresholds: true,
  abortOn: true,
  external: true,
  service: true,
  workers: true,
  lanes: true,
  laneHeapMb: true,
  onWorkerLost: true,
  keepGoing: true,
  force: true,
  untrusted: true,
  dataDir: true,
  reports: true,
  outputs: true,
  log: true,
  signal: true,
});
