import { EventQueue, type WorldEvent } from './event-queue.js';
import type { SimulatedProcess } from './process.js';

/**
 * A world with its own time, which advances from event to event. All promises that an event settles
 * are handled before the next event. The same events always have the same outcome.
 */
export class World {
  /** Milliseconds since the world began. */
  nowMs = 0;
  /** The process whose code runs now. */
  running: SimulatedProcess | undefined;
  private readonly queue = new EventQueue();
  private order = 0;

  /** @param onError receives errors that no process caught */
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

  /** Schedules a delayed event now, after other events that are due. */
  again(event: WorldEvent): void {
    event.atMs = this.nowMs;
    event.order = this.order += 1;
    this.queue.push(event);
  }

  /** Reads from a process outside of any event, with the clock of the process. */
  ask<T>(process: SimulatedProcess, question: () => T): T {
    this.running = process;
    const answer = question();
    this.running = undefined;
    return answer;
  }

  /** Runs events until `isOver` or the time limit. */
  async pass(untilMs: number, isOver: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const next = (): void => {
        const event = isOver() ? undefined : this.queue.pop();
        if (!event || event.atMs > untilMs) {
          if (event) this.queue.push(event);
          return resolve();
        }
        this.happen(event);
        // An immediate that is scheduled in a promise runs after all promises, so all effects of
        // the event are done by then.
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
