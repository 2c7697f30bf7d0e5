import { BadFrame, decodeMasterMessage, decodeWorkerMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import { MAX_STRANGER_FRAME_BYTES, type Doorkeeper, type DropKind } from './link.js';

const NO_DOORKEEPER: Doorkeeper = { knows: () => true, dropped: () => {} };

/** What becomes of the frames that come to a master: messages, or a count of those dropped. */
export class Reception {
  badFrames = 0;
  private onMessage: (peer: string, message: WorkerMessage) => void = () => {};
  private doorkeeper = NO_DOORKEEPER;

  listen(
    onMessage: (peer: string, message: WorkerMessage) => void,
    doorkeeper: Doorkeeper = NO_DOORKEEPER,
  ): void {
    this.onMessage = onMessage;
    this.doorkeeper = doorkeeper;
  }

  /** Takes what came from a peer, whatever it is. */
  take(peer: string, frame: Uint8Array): void {
    const { byteLength } = frame;
    if (byteLength > MAX_STRANGER_FRAME_BYTES && !this.doorkeeper.knows(peer)) {
      return this.doorkeeper.dropped('stranger', `${byteLength} bytes from a peer that has not joined`);
    }
    let message: WorkerMessage;
    try {
      message = decodeWorkerMessage(frame);
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      return this.dropped('bad-frame', error.message, 1);
    }
    this.onMessage(peer, message);
  }

  /** Counts messages that the link process dropped. */
  dropped(kind: DropKind, why: string, count: number): void {
    if (kind === 'bad-frame') this.badFrames += count;
    this.doorkeeper.dropped(kind, why, count);
  }
}

/** The message of a master that came to a worker, or nothing if the frame is none. */
export function decodeOrDrop(frame: Uint8Array): MasterMessage | undefined {
  try {
    return decodeMasterMessage(frame);
  } catch (error) {
    if (error instanceof BadFrame) return undefined;
    throw error;
  }
}
