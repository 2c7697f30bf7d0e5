import type { WorkerLoad } from './workers/load.js';

/** A started master, which waits for workers. */
export interface RunningMaster {
  readonly pid: number;
  /** Where workers connect. */
  readonly address: string;
  /** URL of its API, without a path; absent without one. */
  readonly apiUrl?: string;
  /** What the processes of its tree do, by process id. The bench shows them apart. */
  roles(): ReadonlyMap<number, string>;
  /** Starts to ask its API until the returned function is called. Absent without an API. */
  watchApi?(): () => Promise<ApiFigures>;
  /** Called where the measurement begins, after the warm-up. */
  measureBegins?(): Promise<void>;
  /** Called where it ends. */
  measureEnds?(): Promise<void>;
  /**
   * Ends the test.
   * @returns the requests that the master has counted
   */
  end(): Promise<number>;
  /** Size of what it has stored, once it has ended; undefined without a store. */
  storedBytes?(): number | undefined;
  kill(): Promise<void>;
}

export interface ApiFigures {
  readonly statusMs: readonly number[];
  readonly statsMs: readonly number[];
  /** Workers missing at a time, at most. */
  readonly missing: number;
}

/** A kind of master. */
export interface MasterKind {
  readonly name: string;
  readonly protocol: 'drumline' | 'locust';
  readonly version: string;
  readonly reportEverySeconds: number;
  /** Whether every report is acknowledged once it is counted. */
  readonly acknowledges: boolean;
  start(load: WorkerLoad): Promise<RunningMaster>;
}
