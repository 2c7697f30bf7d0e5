import type { Millis } from '@drumline/model';
import type { SampleOrder } from './lane-protocol.js';
import type { WorkerToken } from '@drumline/wire/security';

/** Options of a worker. */
export interface WorkerOptions {
  /** `tcp://HOST:PORT` of the master. The master may start later; the address may be a promise. */
  readonly master: string | Promise<string>;
  /** With a token, the master must have its key, and all traffic is encrypted. */
  readonly token?: WorkerToken | null;
  /** Unique in the cluster; by default host name and process ID. */
  readonly name: string;
  /** Number of lanes, the processes that make load. */
  readonly lanes: number;
  /** How long the load continues without a message from the master. */
  readonly orphanGraceMs: Millis;
  /** How long to retry a silent master, from its last message. Never shorter than the grace. */
  readonly reconnectForMs: Millis;
  /** How long to wait for the first answer from the master; `null` waits forever. */
  readonly connectTimeoutMs: Millis | null;
  /** Heap limit of a lane in MiB, or `null` for Node's default. */
  readonly laneHeapMb: number | null;
  /** Where the lanes write their samples; the limit is for all lanes together. Default: nowhere. */
  readonly samples?: SampleOrder | undefined;
  /** Prints one line of the worker itself. */
  readonly log: (line: string) => void;
  /** Prints one line of the scenario's output, with the lane that printed it. */
  readonly print: (line: string) => void;
}
