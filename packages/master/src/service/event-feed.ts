import type { RunEventView } from '@drumline/wire';
import type { EventBus } from '../run/event-bus.js';
import { eventIdOf } from './event-place.js';
import { logEvent, type RunLog } from './run-log.js';

/** Logs the events of a run, and delivers them with ids to those who follow it. */
export class EventFeed {
  private readonly listeners = new Set<(event: RunEventView) => void>();
  /**
   * Number of the newest interval that was delivered; undefined before the first one. An event that
   * closing a second causes may come before the interval.
   */
  private delivered: number | undefined;

  /** @param before number of the newest interval of other masters of the run; 0 for none */
  constructor(
    events: Pick<EventBus, 'subscribe'>,
    private readonly log: RunLog,
    private readonly before: () => number,
  ) {
    events.subscribe((event) => this.deliver(event));
  }

  /** Number of the newest interval that readers can have; 0 for none. */
  get interval(): number {
    return this.delivered ?? this.before();
  }

  /** The id of the newest event. */
  get lastId(): string {
    return eventIdOf({ interval: this.interval, event: this.log.newestEvent });
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RunEventView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private deliver(event: RunEventView): void {
    if (event.type === 'interval') this.delivered = event.number;
    logEvent(this.log, event, this.interval);
    const eventId = this.lastId;
    for (const listener of this.listeners) listener({ ...event, eventId });
  }
}
