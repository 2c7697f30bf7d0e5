import type { Phases } from '@drumline/model';

/** What requests spent in each phase, added up. Milliseconds, multiples of 1/1024. */
export interface PhasesDelta extends Phases {
  /** How many requests told. Only these are in the sums. */
  readonly requests: number;
}

/** Where the time of a request went on average, milliseconds to three decimals. */
export interface PhaseMeans {
  queued: number;
  connect: number;
  send: number;
  wait: number;
  receive: number;
}

/**
 * Where sums begin. From here to twice as much, 139 years, doubles are 1/1024 ms apart: each addition rounds to that by
 * itself, and sums are the same in whatever order and groups they are made.
 */
const ZERO_MS = 2 ** 42;

/** Adds up the phases of requests. */
export class PhaseTally {
  #requests = 0;
  #queuedMs = ZERO_MS;
  #connectMs = ZERO_MS;
  #sendMs = ZERO_MS;
  #waitMs = ZERO_MS;
  #receiveMs = ZERO_MS;

  /** The hot path: the phases of one request. With `requests`, those of so many. */
  add(phases: Phases, requests = 1): void {
    this.#requests += requests;
    this.#queuedMs += phases.queuedMs;
    this.#connectMs += phases.connectMs;
    this.#sendMs += phases.sendMs;
    this.#waitMs += phases.waitMs;
    this.#receiveMs += phases.receiveMs;
  }

  /** The sums; undefined where no request told. */
  delta(): PhasesDelta | undefined {
    if (this.#requests === 0) return undefined;
    return {
      requests: this.#requests,
      queuedMs: sinceZero(this.#queuedMs),
      connectMs: sinceZero(this.#connectMs),
      sendMs: sinceZero(this.#sendMs),
      waitMs: sinceZero(this.#waitMs),
      receiveMs: sinceZero(this.#receiveMs),
    };
  }

  /** The means over the requests that told; undefined where none did. */
  means(): PhaseMeans | undefined {
    const sums = this.delta();
    if (sums === undefined) return undefined;
    const mean = (sumMs: number): number => Math.round((sumMs / sums.requests) * 1000) / 1000;
    return {
      queued: mean(sums.queuedMs),
      connect: mean(sums.connectMs),
      send: mean(sums.sendMs),
      wait: mean(sums.waitMs),
      receive: mean(sums.receiveMs),
    };
  }

  reset(): void {
    this.#requests = 0;
    this.#queuedMs = ZERO_MS;
    this.#connectMs = ZERO_MS;
    this.#sendMs = ZERO_MS;
    this.#waitMs = ZERO_MS;
    this.#receiveMs = ZERO_MS;
  }
}

/** What was added up. A sum that cannot be, of a driver that told nonsense, is 0: no master takes another. */
function sinceZero(sumMs: number): number {
  return sumMs > ZERO_MS ? sumMs - ZERO_MS : 0;
}
