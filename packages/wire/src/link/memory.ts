import { randomUUID } from 'node:crypto';
import type { Millis } from '@drumline/model';
import { encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import { Inbox } from './inbox.js';
import type { MasterLink, WorkerLink } from './link.js';
import { decodeOrDrop, Reception } from './reception.js';

/** A network within the process, for tests: the same bytes cross it, delivered on later turns of the event loop. */
export interface MemoryHub {
  /** At most one master is bound at a time; it may be closed and bound again. */
  bind(): MasterLink;
  /** @param peer the name by which the master answers, unique on this hub */
  dial(peer?: string): WorkerLink;
  /** Sends the master bytes of no worker. */
  inject(frame: Uint8Array): void;
}

/** A frame on its way between the master and a worker. */
export interface Passage {
  readonly peer: string;
  readonly to: 'master' | 'worker';
  readonly frame: Uint8Array;
  /** Hands it to the receiver, if there still is one; on a later turn of the event loop than it was sent. */
  readonly deliver: () => void;
}

/** What the network does with a frame: delivers it late, twice, never. @returns false if there is no connection to send it on */
export type Carry = (passage: Passage) => boolean;

const carryAtOnce: Carry = ({ deliver }) => {
  setImmediate(deliver);
  return true;
};

type Receive = (peer: string, frame: Uint8Array) => void;

/**
 * @param msPerMessage how long a master takes to read the next message, as one that has too little
 * of a CPU
 */
export function createMemoryHub(carry: Carry = carryAtOnce, msPerMessage: () => Millis = () => 0): MemoryHub {
  const workers = new Map<string, (frame: Uint8Array) => void>();
  let toMaster: Receive | undefined;
  const sendToMaster = (peer: string, frame: Uint8Array): boolean =>
    carry({ peer, to: 'master', frame, deliver: () => toMaster?.(peer, frame) });

  return {
    bind() {
      const reception = new Reception();
      const inbox = new Inbox((peer, frame) => reception.take(peer, frame), msPerMessage);
      const receive: Receive = (peer, frame) => inbox.push(peer, frame);
      toMaster = receive;
      return {
        address: 'memory://hub',
        get badFrames() {
          return reception.badFrames;
        },
        get unreadForMs() {
          return inbox.unreadForMs;
        },
        listen(...listener) {
          reception.listen(...listener);
        },
        send(peer, message) {
          if (toMaster !== receive) return;
          const frame = encodeMessage(message);
          carry({ peer, to: 'worker', frame, deliver: () => workers.get(peer)?.(frame) });
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
