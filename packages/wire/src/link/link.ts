import type { Millis, RefusalKind } from '@drumline/model';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { LinkRefusal } from './dialling.js';

/**
 * The master's end: one port, many workers. Sending never waits and never throws; a message to a peer that is gone is lost, which
 * the messages above it allow for. The ZeroMQ link and the in-memory link pass the same suite.
 */
export interface MasterLink {
  /** Where workers dial to: `tcp://127.0.0.1:5557`, with the real port. */
  readonly address: string;
  /** Frames dropped so far because they were no messages of ours. */
  readonly badFrames: number;
  /**
   * For how long messages may have waited to be read, milliseconds; 0 if none waits. Every peer of
   * which a message had arrived before that has been heard since, so that silence can be judged up
   * to then. Read it after the poll phase of the event loop, as in `setImmediate`.
   */
  readonly unreadForMs: Millis;
  /** Set once, before anything is received. `peer` is an opaque name of the connection, to answer to. */
  listen(onMessage: (peer: string, message: WorkerMessage) => void, doorkeeper?: Doorkeeper): void;
  send(peer: string, message: MasterMessage): void;
  close(): Promise<void>;
}

/** Who decides at a master's port what is worth decoding. */
export interface Doorkeeper {
  /** Whether a peer has been welcomed. Of others only a frame is looked at that is no longer than a hello can be. */
  knows(peer: string): boolean;
  /** Something was kept out. @param why for people @param count how often, 1 by default */
  dropped(kind: DropKind, why: string, count?: number): void;
  /**
   * The port is closed for a moment, and opened again: workers reconnect, and nothing that they
   * counted is lost.
   */
  interrupted?(interruption: Interruption): void;
}

/**
 * `connection`: one was not let in. `bad-frame`: no message of ours. `stranger`: a message of a
 * peer that has not joined. `flood`: more than one peer may have waiting.
 */
export type DropKind = Extract<RefusalKind, 'connection' | 'bad-frame' | 'stranger' | 'flood'>;

/** The process that holds the master's port has ended by itself. */
export interface Interruption {
  /** For people: `it ended with SIGABRT (Assertion failed: …)`. */
  readonly why: string;
  /** How often it has within a minute. */
  readonly count: number;
  /** When the next one is started. */
  readonly delayMs: Millis;
}

/** The longest hello there can be fits in this, bytes. */
export const MAX_STRANGER_FRAME_BYTES = 8_192;

/** A worker's end. It dials out, reconnects by itself for ever, and says nothing while there is nobody to hear it. */
export interface WorkerLink {
  /** Frames dropped so far because they were no messages of ours. */
  readonly badFrames: number;
  /** @param onRefused told each time that the master’s port turns out not to let this worker in, and why */
  listen(onMessage: (message: MasterMessage) => void, onRefused?: (refusal: LinkRefusal) => void): void;
  /** @returns false if there was no connection to send it on: it is lost, and can be sent again later */
  send(message: WorkerMessage): boolean;
  /** @param lingerMs how long to go on trying to deliver what was sent last */
  close(lingerMs?: number): Promise<void>;
}
