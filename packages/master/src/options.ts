import type { Millis, PlanOverrides, RoleTokens, Secrets } from '@drumline/model';
import type { QuantilesEvery } from '@drumline/stats';
import type { MasterKey } from '@drumline/wire/security';
import type { TlsPaths } from './api/rest/tls-files.js';
import type { WorkersWanted } from './cluster/assignment.js';
import type { OpenOutputs, RunOutputs } from './run/run-outputs.js';
import type { ResumableRun } from './store/resume.js';

/** Options of a cluster: what lives as long as the process. */
export interface ClusterOptions {
  /** Address for workers, `tcp://HOST:PORT`; port 0 picks a free one. */
  readonly bind: string;
  /** Address of the control API, or `null` for none; port 0 picks a free one. */
  readonly api: { readonly host: string; readonly port: number; readonly orAnyPort: boolean } | null;
  /**
   * Address of the gRPC control API, and the path of its schema, control.proto; absent for none.
   * Port 0 picks a free one.
   */
  readonly grpc?: { readonly host: string; readonly port: number; readonly proto: string } | undefined;
  /** With a key, only workers with its token may join. */
  readonly key?: MasterKey | null;
  /**
   * The tokens that requests to the control API need beyond loopback, by role; a single one allows
   * everything. By default those of the key. Without either, the API is open to everyone that can
   * reach it.
   */
  readonly apiToken?: string | RoleTokens | null;
  /** The control API serves HTTPS with this certificate and key. */
  readonly tls?: TlsPaths | undefined;
  /** Origins of web pages that may call the control API; by default none but its own. */
  readonly apiAllowedOrigins?: readonly string[] | undefined;
  /** Directory of the dashboard, which the control API serves at `/`; absent for none. */
  readonly dashboard?: string | undefined;
  /** Whether requests on loopback need the token, too. */
  readonly apiTokenOnLoopback?: boolean;
  readonly heartbeatMs: Millis;
  /** Silence after which a worker is missing. */
  readonly missingAfterMs: Millis;
  /** The directory for run files, or `null` to keep none. */
  readonly dataDir: string | null;
}

/** What the one run of a service waits for before it begins. */
export type OnlyRunExpectation = Pick<RunOptions, 'expectWorkersMaxWaitMs'> & {
  readonly expectWorkers: number;
};

/** Options of a run, except for its plan. */
export interface RunOptions extends Pick<ClusterOptions, 'heartbeatMs' | 'missingAfterMs'> {
  /** Path of the scenario file, for display and for finding the run again. */
  readonly scenario: string;
  /** Name of the scenario, if it is known before its plan is opened. */
  readonly scenarioName?: string | undefined;
  /** The labels of the run before its plan is known. */
  readonly overrides: Pick<PlanOverrides, 'labels'>;
  /** How many workers the run takes; by default all that are free and all that join. */
  readonly workers?: WorkersWanted | undefined;
  /** Start when this many workers are ready; `present`: all that the run has, at least one. */
  readonly expectWorkers: number | 'present';
  /** Exit with `workers-never-came` if they are not ready by then; `null` waits forever. */
  readonly expectWorkersMaxWaitMs: Millis | null;
  /** Start automatically when the workers are ready, or wait for `drumline start`. */
  readonly autostart: boolean;
  /** By default `rebalance`. */
  readonly onWorkerLost?: OnWorkerLost | undefined;
  /**
   * Records a timeline of every series for the CSV history. By default there is only a timeline of
   * the totals.
   */
  readonly seriesTimeline?: boolean;
  /**
   * How often workers report the response times of each series. By default every second, and less
   * often while the master is overloaded.
   */
  readonly quantilesEverySeconds?: QuantilesEvery | undefined;
  /** Options given on the command line, for the report. */
  readonly given?: Readonly<Record<string, string>> | undefined;
  /** Continue even if no request reaches the target. By default such a run ends after a while. */
  readonly keepGoing?: boolean | undefined;
  /** Start even if a limit of a worker's machine will certainly break the run. */
  readonly force?: boolean | undefined;
  /** Whether seconds in which the generator was the bottleneck fail the run; by default `warn`. */
  readonly untrusted?: 'warn' | 'fail' | undefined;
  /** What writes the seconds of the run elsewhere while it runs. */
  readonly outputs?: RunOutputs | undefined;
  /** Opens more of them once the plan is known; by default none. */
  readonly openOutputs?: OpenOutputs | undefined;
  /** Where the HTML report will be written, for clients that follow the run. */
  readonly report?: string | undefined;
  /**
   * The workers end with this master, as under `drumline run`: no other master can resume its run.
   */
  readonly standalone?: boolean;
}

/** Options of a master with one run. The load is described by the scenario and `overrides`. */
export interface MasterOptions extends ClusterOptions, RunOptions {
  readonly overrides: PlanOverrides;
  /**
   * Secrets for the scenario. The master removes their values from everything it shows, writes or
   * stores.
   */
  readonly secrets?: Secrets;
  /** A run to resume; `interrupted` searches `dataDir` for a run that was interrupted recently. */
  readonly resume?: ResumableRun | 'interrupted' | undefined;
}

/**
 * What happens to the users of a missing worker.
 * - `rebalance`: the other workers get its users.
 * - `continue`: the users wait for the worker, and the load drops by its share.
 * - `wait`: like `continue` until the worker must have stopped, then like `rebalance`. No user runs
 *   twice.
 * - `fail`: the run ends gracefully.
 */
export type OnWorkerLost = 'rebalance' | 'wait' | 'continue' | 'fail';
