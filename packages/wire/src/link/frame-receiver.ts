import { BadFrame, decodeMasterMessage, decodeWorkerMessage } from '../codec.js';
import type { MasterMessage } from '../messages/master.js';
import type { WorkerMessage } from '../messages/worker.js';
import { MAX_STRANGER_FRAME_BYTES, type DropKind, type PortPolicy } from './link.js';

const NO_POLICY: PortPolicy = { knows: () => true, dropped: () => {} };

/** Decodes the frames that arrive at a master, and counts those that are dropped. */
export class FrameReceiver {
  badFrames = 0;
  private onMessage: (peer: string, message: WorkerMessage) => void = () => {};
  private policy = NO_POLICY;

  listen(onMessage: (peer: string, message: WorkerMessage) => void, policy: PortPolicy = NO_POLICY): void {
    this.onMessage = onMessage;
    this.policy = policy;
  }

  /** Handles a frame of a peer. */
  take(peer: string, frame: Uint8Array): void {
    const { byteLength } = frame;
    if (byteLength > MAX_STRANGER_FRAME_BYTES && !this.policy.knows(peer)) {
      return this.policy.dropped('stranger', `${byteLength} bytes from a peer that has not joined`);
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

  /** Counts frames that the link process dropped. */
  dropped(kind: DropKind, why: string, count: number): void {
    if (kind === 'bad-frame') this.badFrames += count;
    this.policy.dropped(kind, why, count);
  }
}

/** Decodes a master's message; undefined if the frame is not one. */
export function decodeOrDrop(frame: Uint8Array): MasterMessage | undefined {
  try {
    return decodeMasterMessage(frame);
  } catch (error) {
    if (error instanceof BadFrame) return undefined;
    throw error;
  }
}
