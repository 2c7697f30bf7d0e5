import { randomUUID } from 'node:crypto';
import { decodeMasterMessage, decodeWorkerMessage, encodeMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import type { MasterLink, WorkerLink } from './link.js';

/** A network within the process, for tests: the same bytes cross it, delivered on later turns of the event loop. */
export interface MemoryHub {
  bind(): MasterLink;
  dial(): WorkerLink;
}

export function createMemoryHub(): MemoryHub {
  const workers = new Map<string, (frame: Uint8Array) => void>();
  let toMaster: ((peer: string, frame: Uint8Array) => void) | undefined;

  return {
    bind() {
      let onMessage: (peer: string, message: WorkerMessage) => void = () => {};
      let badFrames = 0;
      toMaster = (peer, frame) => {
        try {
          onMessage(peer, decodeWorkerMessage(frame));
        } catch {
          badFrames += 1;
        }
      };
      return {
        address: 'memory://hub',
        get badFrames() {
          return badFrames;
        },
        listen(handler) {
          onMessage = handler;
        },
        send(peer, message) {
          const frame = encodeMessage(message);
          setImmediate(() => workers.get(peer)?.(frame));
        },
        close() {
          toMaster = undefined;
          return Promise.resolve();
        },
      };
    },
    dial() {
      const peer = randomUUID();
      return {
        listen(handler: (message: MasterMessage) => void) {
          workers.set(peer, (frame) => handler(decodeMasterMessage(frame)));
        },
        send(message) {
          if (!toMaster) return false;
          const frame = encodeMessage(message);
          setImmediate(() => toMaster?.(peer, frame));
          return true;
        },
        close() {
          setImmediate(() => workers.delete(peer));
          return Promise.resolve();
        },
      };
    },
  };
}
