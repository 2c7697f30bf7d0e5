import { messageOf } from '@drumline/model';
import type { IntervalEvent, PlacedEvent } from '@drumline/stats';

/**
 * Receives intervals. If it returns a promise, the next event waits for it.
 * @param position of the event in the run, see `IntervalStream.position`
 */
export type IntervalSubscriber = (event: IntervalEvent, position: number) => void | Promise<void>;

export interface Subscription {
  /** Number of events that it lost because it was too slow. */
  readonly lost: number;
  /** Delivers what waits, unless the subscriber is busy with an event. */
  flush(): void;
  close(): void;
}

/** Called when a subscriber has lost an event or failed. */
export type OnSubscriberProblem = (name: string, problem: string) => void;

/** About a minute: one closed interval each second, and some corrections. */
const MAX_WAITING = 120;

/**
 * Delivers the intervals of a run to subscribers. Each has a queue of its own, so a slow or failing
 * subscriber loses only its own events and never delays the control loop.
 */
export class IntervalStream {
  /** Of the newest event: 1 for the first of the run. Another master continues the numbers. */
  position = 0;
  private readonly subscribers = new Set<QueuedSubscriber>();

  constructor(private readonly onProblem: OnSubscriberProblem) {}

  emit(event: IntervalEvent): void {
    this.position += 1;
    for (const subscriber of this.subscribers) subscriber.push({ event, position: this.position });
  }

  /**
   * @param name for messages about lost events @param maxWaiting number of events that may wait;
   * the oldest is dropped
   */
  subscribe(name: string, receive: IntervalSubscriber, maxWaiting = MAX_WAITING): Subscription {
    const subscriber = new QueuedSubscriber(receive, maxWaiting, (problem) => this.onProblem(name, problem));
    this.subscribers.add(subscriber);
    return {
      get lost() {
        return subscriber.lost;
      },
      flush: () => subscriber.flush(),
      close: () => {
        this.subscribers.delete(subscriber);
        subscriber.close();
      },
    };
  }

  /** Delivers what waits to all subscribers that are not busy. */
  flush(): void {
    for (const subscriber of this.subscribers) subscriber.flush();
  }
}

class QueuedSubscriber {
  lost = 0;
  private readonly waiting: PlacedEvent[] = [];
  private isBusy = false;
  private scheduled: NodeJS.Immediate | undefined;

  constructor(
    private readonly receive: IntervalSubscriber,
    private readonly maxWaiting: number,
    private readonly onProblem: (problem: string) => void,
  ) {}

  push(placed: PlacedEvent): void {
    this.waiting.push(placed);
    if (this.waiting.length > this.maxWaiting) {
      this.waiting.shift();
      this.lost += 1;
      this.onProblem(`it is too slow and has lost ${this.lost} ${this.lost === 1 ? 'event' : 'events'}`);
    }
    this.schedule();
  }

  flush(): void {
    while (!this.isBusy && this.waiting.length > 0) this.deliver();
  }

  close(): void {
    this.waiting.length = 0;
    if (this.scheduled) clearImmediate(this.scheduled);
  }

  private schedule(): void {
    this.scheduled ??= setImmediate(() => {
      this.scheduled = undefined;
      this.flush();
    });
  }

  private deliver(): void {
    const { event, position } = this.waiting.shift()!;
    try {
      const done = this.receive(event, position);
      if (done === undefined) return;
      this.isBusy = true;
      void done.catch((error: unknown) => this.onProblem(messageOf(error))).then(() => this.resume());
    } catch (error) {
      this.onProblem(messageOf(error));
    }
  }

  private resume(): void {
    this.isBusy = false;
    this.flush();
  }
}
