import { randomUUID } from 'node:crypto';
import type { Millis } from '@drumline/model';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import { Inbox } from './inbox.js';
import type { MasterLink, WorkerLink } from './link.js';
import { decodeOrDrop, FrameReceiver } from './frame-receiver.js';

/** An in-process network for tests. It delivers the same bytes, in later turns of the loop. */
export interface MemoryHub {
  /** At most one master is bound at a time; it may be closed and bound again. */
  bind(): MasterLink;
  /** @param peer name of the connection, unique on this hub */
  dial(peer?: string): WorkerLink;
  /** Sends bytes to the master that are not from a worker. */
  inject(frame: Uint8Array): void;
}

/** A frame in transit between the master and a worker. */
export interface FrameInTransit {
  readonly peer: string;
  readonly to: 'master' | 'worker';
  readonly frame: Uint8Array;
  /** Delivers the frame, if the receiver still exists. Call it in a later turn of the loop. */
  readonly deliver: () => void;
}

/**
 * Simulates the network: may deliver a frame late, twice or never.
 * @returns false if there is no connection
 */
export type FrameTransport = (frame: FrameInTransit) => boolean;

const deliverAtOnce: FrameTransport = ({ deliver }) => {
  setImmediate(deliver);
  return true;
};

type Receive = (peer: string, frame: Uint8Array) => void;

/**
 * Creates an in-process network.
 * @param transport decides what happens to each frame; default: it is delivered in the next turn
 * @param msPerMessage time that a master takes to read a message, to simulate a busy CPU
 */
export function createMemoryHub(
  transport: FrameTransport = deliverAtOnce,
  msPerMessage: () => Millis = () => 0,
): MemoryHub {
  const workers = new Map<string, (frame: Uint8Array) => void>();
  let toMaster: Receive | undefined;
  const sendToMaster = (peer: string, frame: Uint8Array): boolean =>
    transport({ peer, to: 'master', frame, deliver: () => toMaster?.(peer, frame) });

  return {
    bind() {
      const receiver = new FrameReceiver();
      const inbox = new Inbox((peer, frame) => receiver.take(peer, frame), msPerMessage);
      const receive: Receive = (peer, frame) => inbox.push(peer, frame);
      toMaster = receive;
      return {
        address: 'memory://hub',
        get badFrames() {
          return receiver.badFrames;
        },
        get unreadForMs() {
          return inbox.unreadForMs;
        },
        listen(...listener) {
          receiver.listen(...listener);
        },
        send(peer, message) {
          if (toMaster !== receive) return;
          const frame = encodeMessage(message);
          transport({ peer, to: 'worker', frame, deliver: () => workers.get(peer)?.(frame) });
        },
        close() {
          if (toMaster === receive) toMaster = undefined;
          inbox.close();
          return Promise.resolve();
        },
      };
    },
    dial(peer = randomUUID()) {
      let open = true;
      let badFrames = 0;
      return {
        get badFrames() {
          return badFrames;
        },
        listen(handler: (message: MasterMessage) => void) {
          workers.set(peer, (frame) => {
            const message = decodeOrDrop(frame);
            if (message) handler(message);
            else badFrames += 1;
          });
        },
        send(message) {
          if (!toMaster || !open) return false;
          return sendToMaster(peer, encodeMessage(message));
        },
        close() {
          open = false;
          setImmediate(() => workers.delete(peer));
          return Promise.resolve();
        },
      };
    },
    inject(frame) {
      sendToMaster('a stranger', frame);
    },
  };
}
