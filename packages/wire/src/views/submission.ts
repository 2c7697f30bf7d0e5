// A run that is submitted to a cluster, as types without a library.
import type { Artifact, Plan, PlanWarning, Table } from '@drumline/model';

/** A plan whose data files are named by their hashes. */
export type SubmittedPlan = Omit<Plan, 'tables'> & { readonly tables?: readonly Table[] };

/** Everything that a master needs to execute a plan. Bundle and data files are uploaded before. */
export interface Submission {
  /** The scenario's file, such as `shop.ts`; or its path in the directory of the master. */
  readonly scenario: string;
  /** The bundle's code is an uploaded artifact. */
  readonly bundle: Artifact;
  readonly plan: SubmittedPlan;
  /** Probable mistakes in the plan. They become notes of the result. */
  readonly warnings?: readonly PlanWarning[];
  /** Values of the scenario's secrets, by name. No response shows them. */
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * Outputs beside those of the scenario: `NAME[=URL][?option=value&...]`. The master opens them.
   * No response shows them.
   */
  readonly outputs?: readonly string[];
  /** How many workers the run takes; absent for all. */
  readonly workers?: number;
  readonly options?: SubmittedOptions;
  /** How long it may wait in the queue, milliseconds; absent: forever. */
  readonly maxWaitMs?: number;
}

/** Options of `drumline run` that the plan does not contain. */
export interface SubmittedOptions {
  readonly onWorkerLost?: 'rebalance' | 'wait' | 'continue' | 'fail';
  readonly keepGoing?: boolean;
  /** Start even if a limit of a worker's machine will certainly break the run. */
  readonly force?: boolean;
  /** Whether it starts when its workers are ready; default true. If not, by the order `start`. */
  readonly autostart?: boolean;
  readonly untrusted?: 'warn' | 'fail';
  readonly quantilesEverySeconds?: 1 | 2 | 5 | 10;
  /** Options given on the command line, for the report. */
  readonly given?: Readonly<Record<string, string>>;
}

/** How much of an artifact was uploaded. */
export interface UploadView {
  /** All of its bytes once it is complete. */
  bytes: number;
}
