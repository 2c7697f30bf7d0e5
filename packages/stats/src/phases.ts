import type { Phases } from '@drumline/model';

/** Total time of requests in each phase, in milliseconds, as multiples of 1/1024. */
export interface PhasesDelta extends Phases {
  /** Number of requests in the sums. */
  readonly requests: number;
  /** How late their iterations began; absent if none was late. */
  readonly lateMs?: number;
}

/** Mean time of a request in each phase, in milliseconds with three decimals. */
export interface PhaseMeans {
  /** From the due time to the call; absent if no iteration began late. */
  late?: number;
  queued: number;
  connect: number;
  send: number;
  wait: number;
  receive: number;
}

/**
 * The start value of sums. From here to twice as much, 139 years, doubles are 1/1024 ms apart. So
 * each addition rounds to that, and sums do not depend on the order of additions.
 */
const ZERO_MS = 2 ** 42;

/** Adds up the phases of requests. */
export class PhaseTally {
  #requests = 0;
  #lateMs = ZERO_MS;
  #queuedMs = ZERO_MS;
  #connectMs = ZERO_MS;
  #sendMs = ZERO_MS;
  #waitMs = ZERO_MS;
  #receiveMs = ZERO_MS;

  /** Adds the phases of one request, or the sums of several. Called for each request. */
  add(phases: Phases, requests = 1, lateMs = 0): void {
    this.#requests += requests;
    this.#lateMs += lateMs;
    this.#queuedMs += phases.queuedMs;
    this.#connectMs += phases.connectMs;
    this.#sendMs += phases.sendMs;
    this.#waitMs += phases.waitMs;
    this.#receiveMs += phases.receiveMs;
  }

  /** Adds the sums of several requests. */
  addSums(
    requests: number,
    queuedMs: number,
    connectMs: number,
    sendMs: number,
    waitMs: number,
    receiveMs: number,
    lateMs: number,
  ): void {
    this.#requests += requests;
    this.#lateMs += lateMs;
    this.#queuedMs += queuedMs;
    this.#connectMs += connectMs;
    this.#sendMs += sendMs;
    this.#waitMs += waitMs;
    this.#receiveMs += receiveMs;
  }

  /** The sums; undefined if there are no requests. */
  delta(): PhasesDelta | undefined {
    if (this.#requests === 0) return undefined;
    const lateMs = sinceZero(this.#lateMs);
    return {
      requests: this.#requests,
      ...(lateMs > 0 && { lateMs }),
      queuedMs: sinceZero(this.#queuedMs),
      connectMs: sinceZero(this.#connectMs),
      sendMs: sinceZero(this.#sendMs),
      waitMs: sinceZero(this.#waitMs),
      receiveMs: sinceZero(this.#receiveMs),
    };
  }

  /** The means; undefined if there are no requests. */
  means(): PhaseMeans | undefined {
    const sums = this.delta();
    if (sums === undefined) return undefined;
    const mean = (sumMs: number): number => Math.round((sumMs / sums.requests) * 1000) / 1000;
    return {
      ...(sums.lateMs !== undefined && { late: mean(sums.lateMs) }),
      queued: mean(sums.queuedMs),
      connect: mean(sums.connectMs),
      send: mean(sums.sendMs),
      wait: mean(sums.waitMs),
      receive: mean(sums.receiveMs),
    };
  }

  reset(): void {
    this.#requests = 0;
    this.#lateMs = ZERO_MS;
    this.#queuedMs = ZERO_MS;
    this.#connectMs = ZERO_MS;
    this.#sendMs = ZERO_MS;
    this.#waitMs = ZERO_MS;
    this.#receiveMs = ZERO_MS;
  }
}

/** The sum since the start value. Invalid sums become 0, because a master would reject them. */
function sinceZero(sumMs: number): number {
  return sumMs > ZERO_MS ? sumMs - ZERO_MS : 0;
}
