import type { Millis } from '@drumline/model';
import type { WorkerToken } from '@drumline/wire/security';

/** How a worker is set up. */
export interface WorkerOptions {
  /** `tcp://HOST:PORT` of the master, which may come later than the worker; a promise where even the address does. */
  readonly master: string | Promise<string>;
  /** With one, the master must have its key, and all traffic is encrypted. */
  readonly token?: WorkerToken | null;
  /** Unique in the cluster; by default host name and process id. */
  readonly name: string;
  /** Number of lanes: processes that make load. */
  readonly lanes: number;
  /** How long to keep the load when the master is silent, before stopping it. */
  readonly orphanGraceMs: Millis;
  /** How long to go on looking for a master that is silent, from its last word and never shorter than the grace. */
  readonly reconnectForMs: Millis;
  /** How long to wait for the master to answer for the first time, or `null` to wait for ever. */
  readonly connectTimeoutMs: Millis | null;
  /** Heap limit of a lane in MiB, or `null` for Node's own. */
  readonly laneHeapMb: number | null;
  /** The worker's own words for people, one line each. */
  readonly say: (line: string) => void;
  /** What the scenario's code prints, one line each, with the lane that printed it. */
  readonly print: (line: string) => void;
}
