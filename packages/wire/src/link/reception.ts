import { BadFrame, decodeMasterMessage, decodeWorkerMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import { MAX_STRANGER_FRAME_BYTES, type Doorkeeper } from './link.js';

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
      return this.drop(error.message);
    }
    this.onMessage(peer, message);
  }

  /** Tells of a connection that was not let in. */
  refuse(why: string): void {
    this.doorkeeper.dropped('connection', why);
  }

  /** Counts a frame that is none of ours. */
  drop(why: string): void {
    this.badFrames += 1;
    this.doorkeeper.dropped('bad-frame', why);
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
