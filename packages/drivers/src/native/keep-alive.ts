import { formatDuration } from '@drumline/model';
import { afterReading } from '../dial/after-reading.js';
import type { PingOptions } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';

/** A connection that can be pinged. */
export interface Pinged {
  ping(onAck: () => void): void;
}

/** Sends PINGs, each an interval after the last answer. Gives up when an answer is late. */
export class KeepAlive {
  #timer: NodeJS.Timeout | undefined;
  #answered = false;
  #stopped = false;

  constructor(
    private readonly options: PingOptions,
    private readonly connection: Pinged,
    private readonly onDead: (failure: Failure) => void,
  ) {
    this.#wait();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#ping(), this.options.everyMs).unref();
  }

  #ping(): void {
    const { timeoutMs } = this.options;
    this.#timer = afterReading(timeoutMs, () => this.#giveUp()).unref();
    this.#answered = false;
    this.connection.ping(() => {
      this.#answered = true;
      clearTimeout(this.#timer);
      if (!this.#stopped) this.#wait();
    });
  }

  #giveUp(): void {
    if (!this.#answered && !this.#stopped) this.onDead(unanswered(this.options.timeoutMs));
  }
}

function unanswered(timeoutMs: number): Failure {
  const message = `no answer to a ping within ${formatDuration(timeoutMs)}`;
  return { class: 'reset', code: 'PING_UNANSWERED', message };
}
