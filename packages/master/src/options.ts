import type { Millis, PlanOverrides, Secrets } from '@drumline/model';
import type { MasterKey } from '@drumline/wire/security';
import type { TakenRun } from './store/resume.js';

/** How a master is set up; everything of the load itself is in the scenario and `overrides`. */
export interface MasterOptions {
  /** Path of the scenario file. */
  readonly scenario: string;
  readonly overrides: PlanOverrides;
  /** What the scenario may know; nothing that the master shows, writes or keeps holds their values. */
  readonly secrets?: Secrets;
  /** Where workers dial to, `tcp://HOST:PORT`; port 0 takes a free one. */
  readonly bind: string;
  /** Where the control API listens, or `null` for none; port 0 takes a free one. */
  readonly api: { readonly host: string; readonly port: number; readonly orAnyPort: boolean } | null;
  /** Who may join: with a key, only workers with its token. */
  readonly key?: MasterKey | null;
  /** What every request to the control API must show off loopback, by default the key's; without one it is open to whoever reaches it. */
  readonly apiToken?: string | null;
  /** Start when this many workers are ready. */
  readonly expectWorkers: number;
  /** Give up (exit `workers-never-came`) if they are not there by then, or `null` to wait for ever. */
  readonly expectWorkersMaxWaitMs: Millis | null;
  /** Start by itself when the workers are ready, or wait for `drumline start`. */
  readonly autostart: boolean;
  readonly heartbeatMs: Millis;
  /** Silence after which a worker is missing. */
  readonly missingAfterMs: Millis;
  /** By default `rebalance`. */
  readonly onWorkerLost?: OnWorkerLost;
  /**
   * Keeps a timeline of every series for the CSV history; by default there is only one of all
   * series together.
   */
  readonly seriesTimeline?: boolean;
  /** The options that people gave, for the report. */
  readonly given?: Readonly<Record<string, string>> | undefined;
  /** Go on although no request reaches the target; by default such a run ends after a while. */
  readonly keepGoing?: boolean;
  /** Where the HTML report will be written, for clients that follow the run. */
  readonly report?: string | undefined;
  /** The directory that runs are kept in, or `null` to keep nothing. */
  readonly dataDir: string | null;
  /** Its workers end with it, as those of `drumline run` do: nobody can take its run up. */
  readonly standalone?: boolean;
  /** A run to go on with; `interrupted` looks in `dataDir` for one that this master seems to have been in the midst of. */
  readonly takeUp?: TakenRun | 'interrupted' | undefined;
}

/**
 * What becomes of the run when a worker is missing: `rebalance` gives its users to the others,
 * `continue` keeps them for it while the load falls by its share, `wait` does so until the worker
 * must have stopped and gives them to the others then, so that no user runs twice, and `fail` ends
 * the run in good order.
 */
export type OnWorkerLost = 'rebalance' | 'wait' | 'continue' | 'fail';

/** Words that a person should see while the master runs, one line each. */
export type Say = (line: string) => void;
