import type { Millis, RefusalKind } from '@drumline/model';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { LinkRefusal } from './dialling.js';

/**
 * The master's end of the link: one port for many workers. Sending never waits or throws. Messages
 * to a disconnected peer are lost; the protocol resends those that matter. The ZeroMQ link and the
 * in-memory link pass the same tests.
 */
export interface MasterLink {
  /** The address that workers connect to, with the actual port: `tcp://127.0.0.1:5557`. */
  readonly address: string;
  /** Number of frames that were dropped because they are not Drumline messages. */
  readonly badFrames: number;
  /**
   * How long messages may have been waiting to be read, in milliseconds; 0 if none is waiting.
   * Every peer that had sent a message before that time has been heard since, so silence can be
   * judged up to then. Read it after the poll phase of the event loop, as in `setImmediate`.
   */
  readonly unreadForMs: Millis;
  /**
   * Starts receiving. Call it once.
   * @param onMessage `peer` is an opaque name of the connection, for replies
   */
  listen(onMessage: (peer: string, message: WorkerMessage) => void, policy?: PortPolicy): void;
  send(peer: string, message: MasterMessage): void;
  close(): Promise<void>;
}

/** Decides which frames at the master's port are decoded, and receives events of the port. */
export interface PortPolicy {
  /** Whether a peer has been welcomed. From others, only frames as short as a hello are decoded. */
  knows(peer: string): boolean;
  /**
   * Something was refused or dropped.
   * @param why reason as readable text
   * @param count number of occurrences; default 1
   */
  dropped(kind: DropKind, why: string, count?: number): void;
  /** The port is closed and reopened. Workers reconnect, and none of their counts are lost. */
  interrupted?(interruption: Interruption): void;
}

/**
 * Why something was dropped.
 * - `connection`: a connection failed authentication.
 * - `bad-frame`: a frame is not a Drumline message.
 * - `stranger`: a peer that has not joined sent a message.
 * - `flood`: the queue of a peer is full.
 */
export type DropKind = Extract<RefusalKind, 'connection' | 'bad-frame' | 'stranger' | 'flood'>;

/** The link process of the master has ended unexpectedly. */
export interface Interruption {
  /** Readable reason: `it ended with SIGABRT (Assertion failed: …)`. */
  readonly why: string;
  /** Number of such ends within a minute. */
  readonly count: number;
  /** Time until the next process is started. */
  readonly delayMs: Millis;
}

/** The longest frame of a peer that has not joined, in bytes. The longest hello fits. */
export const MAX_STRANGER_FRAME_BYTES = 8_192;

/** A worker's end of the link. It connects to the master, and reconnects automatically. */
export interface WorkerLink {
  /** Number of frames that were dropped because they are not Drumline messages. */
  readonly badFrames: number;
  /**
   * Starts receiving. Call it once.
   * @param onRefused called with the reason each time the master’s port rejects this worker
   */
  listen(onMessage: (message: MasterMessage) => void, onRefused?: (refusal: LinkRefusal) => void): void;
  /** @returns false if there is no connection; the message is lost, and can be sent again later */
  send(message: WorkerMessage): boolean;
  /** @param lingerMs how long to try to deliver the last messages */
  close(lingerMs?: number): Promise<void>;
}
