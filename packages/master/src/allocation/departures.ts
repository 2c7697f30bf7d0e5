import type { Millis } from '@drumline/model';
import type { Participant } from './participant.js';

const CHECK_EVERY_MS: Millis = 50;
/** Lanes may be behind the master's clock by less than this. */
const MARGIN_MS: Millis = 100;
/** After this time a leaving worker stops, even if its lanes have not handed over their slots. */
const LIMIT_MS: Millis = 10_000;

interface Parts {
  /** The run time up to which a worker deals with slots; `Infinity` before it has answered. */
  readonly busyUntilMs: (worker: Participant) => Millis;
  /** The present run time. */
  readonly runMs: () => Millis;
  /** Stops all users of a worker that has handed over its slots. */
  readonly drain: (worker: Participant) => void;
}

/** Workers that leave in order: they hand over their slots, and stop their users after that. */
export class Departures {
  private readonly timers = new Map<Participant, NodeJS.Timeout>();

  constructor(private readonly parts: Parts) {}

  get workers(): ReadonlySet<Participant> {
    return new Set(this.timers.keys());
  }

  begin(worker: Participant): void {
    const sinceMs = performance.now();
    const check = (): void => {
      const isDone = this.parts.busyUntilMs(worker) + MARGIN_MS <= this.parts.runMs();
      if (!isDone && performance.now() - sinceMs < LIMIT_MS) return;
      this.forget(worker);
      this.parts.drain(worker);
    };
    this.timers.set(worker, setInterval(check, CHECK_EVERY_MS));
  }

  /** The worker is lost, or the run ends. */
  forget(worker: Participant): void {
    clearInterval(this.timers.get(worker));
    this.timers.delete(worker);
  }

  close(): void {
    for (const worker of this.timers.keys()) this.forget(worker);
  }
}
