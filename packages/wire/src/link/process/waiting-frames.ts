import { Fifo } from '../pipe/fifo.js';

/** Limits of the frames that wait for the master. */
export interface WaitingLimits {
  /** For each peer that has joined. */
  readonly workerBytes: number;
  readonly workerFrames: number;
  /** For each peer that has not joined. */
  readonly strangerBytes: number;
  readonly strangerFrames: number;
  /** For all peers together. */
  readonly bytes: number;
  readonly frames: number;
}

const LIMITS: WaitingLimits = {
  // Two of the longest frames. A worker has at most four reports of 64 KB in transit.
  workerBytes: 32 * 1024 * 1024,
  workerFrames: 4_096,
  strangerBytes: 1024 * 1024,
  strangerFrames: 1_024,
  bytes: 128 * 1024 * 1024,
  frames: 200_000,
};

/** Urgent frames of one peer that are taken first; further ones wait in turn. */
const URGENT_OF_PEER = 4;
/** After this number of urgent frames in a row, another frame is taken. */
const URGENT_IN_A_ROW = 32;
/** Memory of a waiting frame in addition to its own bytes. */
const FRAME_OVERHEAD_BYTES = 256;

interface WaitingFrame {
  readonly frame: Uint8Array;
  readonly isUrgent: boolean;
}

interface WaitingPeer {
  readonly peer: string;
  /** Frames that wait for the peer's turn. */
  readonly frames: Fifo<WaitingFrame>;
  /** Number of urgent frames among them. Further urgent frames wait behind them. */
  urgentInTurn: number;
  /** Number of urgent frames that are taken first. */
  urgentAhead: number;
  bytes: number;
  count: number;
}

/** A frame of a peer, or a mark. */
export type Taken = { readonly peer: string; readonly frame: Uint8Array } | { readonly mark: Uint8Array };

/**
 * Frames that wait for the master, with limits for each peer and in total. Urgent frames are taken
 * first. The others are taken in turn, one from each peer, so that a busy peer delays others by one
 * frame each.
 */
export class WaitingFrames {
  private readonly peers = new Map<string, WaitingPeer>();
  private readonly urgent = new Fifo<Taken>();
  private readonly turns = new Fifo<WaitingPeer | { readonly mark: Uint8Array }>();
  private urgentInARow = 0;
  private bytes = 0;
  private count = 0;

  constructor(
    private readonly isWorker: (peer: string) => boolean,
    private readonly limits: WaitingLimits = LIMITS,
  ) {}

  get isEmpty(): boolean {
    return this.urgent.length === 0 && this.turns.length === 0;
  }

  /** Bytes of all waiting frames, including overhead. */
  get byteLength(): number {
    return this.bytes;
  }

  /** @returns false if a limit was reached and the frame was dropped */
  add(peer: string, frame: Uint8Array, isUrgent: boolean): boolean {
    const bytes = frame.byteLength + FRAME_OVERHEAD_BYTES;
    const waiting = this.peers.get(peer);
    if (!this.hasRoomFor(peer, waiting, bytes)) return false;
    const state = waiting ?? newPeer(peer);
    if (!waiting) this.peers.set(peer, state);
    state.bytes += bytes;
    state.count += 1;
    this.bytes += bytes;
    this.count += 1;
    if (isUrgent && state.urgentInTurn === 0 && state.urgentAhead < URGENT_OF_PEER) {
      state.urgentAhead += 1;
      this.urgent.push({ peer, frame });
    } else {
      if (isUrgent) state.urgentInTurn += 1;
      state.frames.push({ frame, isUrgent });
      if (state.frames.length === 1) this.turns.push(state);
    }
    return true;
  }

  /** Queues a mark behind at least one frame of every waiting peer. */
  mark(mark: Uint8Array): void {
    this.turns.push({ mark });
  }

  /** Removes and returns the next frame or mark. */
  take(): Taken | undefined {
    if (this.urgent.length > 0 && (this.urgentInARow < URGENT_IN_A_ROW || this.turns.length === 0)) {
      this.urgentInARow += 1;
      return this.takeUrgent();
    }
    this.urgentInARow = 0;
    const turn = this.turns.shift();
    if (!turn) return undefined;
    if ('mark' in turn) {
      if (this.urgent.length === 0) return turn;
      this.urgent.push(turn);
      return this.takeUrgent();
    }
    const { frame, isUrgent } = turn.frames.shift()!;
    if (isUrgent) turn.urgentInTurn -= 1;
    if (turn.frames.length > 0) this.turns.push(turn);
    this.forget(turn, frame);
    return { peer: turn.peer, frame };
  }

  private takeUrgent(): Taken {
    const taken = this.urgent.shift()!;
    if ('mark' in taken) return taken;
    const state = this.peers.get(taken.peer)!;
    state.urgentAhead -= 1;
    this.forget(state, taken.frame);
    return taken;
  }

  private hasRoomFor(peer: string, waiting: WaitingPeer | undefined, bytes: number): boolean {
    const { limits } = this;
    if (this.bytes + bytes > limits.bytes || this.count >= limits.frames) return false;
    const [maxBytes, maxFrames] = this.isWorker(peer)
      ? [limits.workerBytes, limits.workerFrames]
      : [limits.strangerBytes, limits.strangerFrames];
    return (waiting?.bytes ?? 0) + bytes <= maxBytes && (waiting?.count ?? 0) < maxFrames;
  }

  private forget(state: WaitingPeer, { byteLength }: Uint8Array): void {
    const bytes = byteLength + FRAME_OVERHEAD_BYTES;
    state.bytes -= bytes;
    state.count -= 1;
    this.bytes -= bytes;
    this.count -= 1;
    if (state.count === 0) this.peers.delete(state.peer);
  }
}

function newPeer(peer: string): WaitingPeer {
  return { peer, frames: new Fifo(), urgentInTurn: 0, urgentAhead: 0, bytes: 0, count: 0 };
}
