import type { Failure } from '../../engine/failure.js';
import type { GrpcJsCall } from './call.js';
import type { GrpcJsChannel } from './channel.js';

/** The channels of a lane or of a user, and the calls waiting for room on them. */
export class ChannelGroup {
  readonly #waiting: GrpcJsCall[] = [];

  constructor(
    private readonly channels: readonly GrpcJsChannel[],
    private readonly maxStreams: number,
  ) {}

  /** Hands the call to the least loaded channel, or queues it. */
  submit(call: GrpcJsCall): void {
    const channel = this.channels.reduce((best, other) => (other.busy < best.busy ? other : best));
    if (channel.busy < this.maxStreams) channel.carry(call);
    else this.#waiting.push(call);
  }

  dialFailure(call: GrpcJsCall): Failure | undefined {
    return this.#channelOf(call)?.dialFailure;
  }

  /** Frees the place of a call for another one. */
  ended(call: GrpcJsCall): void {
    const channel = this.#channelOf(call);
    if (channel === undefined) return;
    channel.ended(call);
    let next = this.#waiting.shift();
    while (next?.over === true) next = this.#waiting.shift();
    if (next !== undefined) this.submit(next);
  }

  /**
   * To be called after all calls have ended.
   * @returns when the last socket is closed
   */
  async close(): Promise<void> {
    await Promise.all(this.channels.map((channel) => channel.close()));
  }

  #channelOf(call: GrpcJsCall): GrpcJsChannel | undefined {
    return this.channels.find((channel) => channel.has(call));
  }
}
