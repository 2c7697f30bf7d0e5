import { EventQueue, type WorldEvent } from './event-queue.js';
import type { SimulatedProcess } from './process.js';

/**
 * A world with a time of its own: it jumps from event to event, and everything that an event sets off in promises is over before
 * the next one. What happens in it follows from its events alone.
 */
export class World {
  /** Milliseconds since it began. */
  nowMs = 0;
  /** The process whose code runs now. */
  running: SimulatedProcess | undefined;
  private readonly queue = new EventQueue();
  private order = 0;

  /** @param onError hears what no process caught */
  constructor(private readonly onError: (process: SimulatedProcess | undefined, error: unknown) => void) {}

  at(
    atMs: number,
    action: () => void,
    process?: SimulatedProcess,
    kind: WorldEvent['kind'] = 'timer',
  ): WorldEvent {
    const event = { atMs, order: (this.order += 1), process, kind, action, cancelled: false };
    this.queue.push(event);
    return event;
  }

  /** Has an event that was held back happen now, after those that are due now already. */
  again(event: WorldEvent): void {
    event.atMs = this.nowMs;
    event.order = this.order += 1;
    this.queue.push(event);
  }

  /** Asks a process something, by its own clock, without anything happening in it. */
  ask<T>(process: SimulatedProcess, question: () => T): T {
    this.running = process;
    const answer = question();
    this.running = undefined;
    return answer;
  }

  /** Lets time pass until `isOver`, or until that time. */
  async pass(untilMs: number, isOver: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const next = (): void => {
        const event = isOver() ? undefined : this.queue.pop();
        if (!event || event.atMs > untilMs) {
          if (event) this.queue.push(event);
          return resolve();
        }
        this.happen(event);
        // A tick that is asked for in a promise comes when no promise is left: all that the event has set off is over by then.
        void settled.then(hop);
      };
      const hop = (): void => process.nextTick(next);
      const settled = Promise.resolve();
      next();
    });
    this.running = undefined;
  }

  private happen(event: WorldEvent): void {
    if (event.cancelled) return;
    this.nowMs = event.atMs;
    if (event.process && !event.process.admits(event)) return;
    this.running = event.process;
    try {
      event.action();
    } catch (error) {
      this.onError(event.process, error);
    }
  }
}
