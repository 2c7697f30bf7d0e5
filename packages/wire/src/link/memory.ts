import { randomUUID } from 'node:crypto';
import { BadFrame, decodeMasterMessage, decodeWorkerMessage, encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { MasterLink, WorkerLink } from './link.js';

/** A network within the process, for tests: the same bytes cross it, delivered on later turns of the event loop. */
export interface MemoryHub {
  /** At most one master is bound at a time; it may be closed and bound again. */
  bind(): MasterLink;
  dial(): WorkerLink;
  /** Sends the master bytes of no worker. */
  inject(frame: Uint8Array): void;
}

type Receive = (peer: string, frame: Uint8Array) => void;

export function createMemoryHub(): MemoryHub {
  const workers = new Map<string, (frame: Uint8Array) => void>();
  let toMaster: Receive | undefined;
  const deliver: Receive = (peer, frame) => setImmediate(() => toMaster?.(peer, frame));

  return {
    bind() {
      let onMessage: (peer: string, message: WorkerMessage) => void = () => {};
      let badFrames = 0;
      const receive: Receive = (peer, frame) => {
        const message = decodeOr(() => decodeWorkerMessage(frame));
        if (message) onMessage(peer, message);
        else badFrames += 1;
      };
      toMaster = receive;
      return {
        address: 'memory://hub',
        get badFrames() {
          return badFrames;
        },
        listen(handler) {
          onMessage = handler;
        },
        send(peer, message) {
          if (toMaster !== receive) return;
          const frame = encodeMessage(message);
          setImmediate(() => workers.get(peer)?.(frame));
        },
        close() {
          if (toMaster === receive) toMaster = undefined;
          return Promise.resolve();
        },
      };
    },
    dial() {
      const peer = randomUUID();
      let open = true;
      return {
        listen(handler: (message: MasterMessage) => void) {
          workers.set(peer, (frame) => {
            const message = decodeOr(() => decodeMasterMessage(frame));
            if (message) handler(message);
          });
        },
        send(message) {
          if (!toMaster || !open) return false;
          deliver(peer, encodeMessage(message));
          return true;
        },
        close() {
          open = false;
          setImmediate(() => workers.delete(peer));
          return Promise.resolve();
        },
      };
    },
    inject(frame) {
      deliver('a stranger', frame);
    },
  };
}

/** The message, or nothing if the frame is none. */
function decodeOr<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof BadFrame) return undefined;
    throw error;
  }
}
