import { setTimeout as delay } from 'node:timers/promises';
import { BoundedQueue, type Steps } from '@drumline/model';
import { IntervalFeed, takeSteps, WINDOW_BLOCK_SECONDS, type FedInterval } from '@drumline/stats';
import type { RunInterval } from '@drumline/wire';
import type { Aggregate } from '../intervals/aggregate.js';
import type { IntervalStream } from '../intervals/interval-stream.js';
import { runInterval } from '../report/run-interval.js';
import { thresholdStates } from '../report/thresholds.js';
import type { NoteCollector } from './note-collector.js';
import type { StartedRun } from './started-run.js';

/** About a minute of intervals may wait for each hook. */
const MAX_WAITING = { second: 60, tenSeconds: 6 } as const;
/** How long the end of a run waits for the hooks. */
const SETTLE_MS = 10_000;

/** Hooks that run once for each interval. */
export type IntervalHook = keyof typeof MAX_WAITING;

/** What hooks show of a run. */
export type FollowedRun = Pick<StartedRun, 'clock' | 'judge'>;

/** A run whose seconds close. */
export interface RunWithIntervals {
  readonly isRunning: boolean;
  readonly intervals: {
    readonly stream: Pick<IntervalStream, 'subscribe'>;
    readonly aggregate: { readonly untrusted: Pick<Aggregate['untrusted'], 'workersIn'> };
  };
}

interface Hooks {
  has(event: IntervalHook): boolean;
  /** Must not reject. */
  interval(event: IntervalHook, interval: RunInterval): Promise<void>;
}

/** Runs the hooks of the scenario for every second, and for every ten seconds. */
export class HookIntervals {
  private readonly queues: BoundedQueue<FedInterval>[] = [];
  private readonly feeds: IntervalFeed[] = [];

  constructor(
    private readonly started: FollowedRun,
    private readonly run: RunWithIntervals,
    private readonly hooks: Hooks,
    private readonly notes: Pick<NoteCollector, 'add'>,
  ) {
    for (const event of ['second', 'tenSeconds'] as const) if (hooks.has(event)) this.feed(event);
  }

  /** Resolves when the hooks have received everything, or after a limit. Call it at the end. */
  async settle(): Promise<void> {
    for (const feed of this.feeds) feed.end();
    const limit = delay(SETTLE_MS, undefined, { ref: false });
    await Promise.all(this.queues.map((queue) => queue.settle(limit)));
  }

  private feed(event: IntervalHook): void {
    const queue = this.queueOf(event);
    const length = event === 'second' ? 1 : WINDOW_BLOCK_SECONDS;
    const feed = new IntervalFeed(
      length,
      (interval) => queue.push(interval),
      () => !this.run.isRunning,
    );
    this.queues.push(queue);
    this.feeds.push(feed);
    // It is quick: the queue is where a slow hook loses intervals.
    this.run.intervals.stream.subscribe(`onMaster.${event}`, (one) => feed.take(one), Infinity);
  }

  private queueOf(event: IntervalHook): BoundedQueue<FedInterval> {
    let lost = 0;
    const onDropped = (count: number): void => {
      lost += count;
      const what = lost === 1 ? '1 interval' : `${lost} intervals`;
      this.notes.add(
        'intervals-lost',
        `onMaster.${event} did not receive all seconds of the run: it is too slow and has lost ${what}. The report is complete.`,
        `intervals-lost ${event}`,
      );
    };
    const receive = async (interval: FedInterval): Promise<void> =>
      await this.hooks.interval(event, await takeSteps(this.figuresOf(interval)));
    return new BoundedQueue(receive, MAX_WAITING[event], onDropped);
  }

  private figuresOf({ deltas, fromSecond, seconds, state, late }: FedInterval): Steps<RunInterval> {
    const { clock, judge } = this.started;
    const { untrusted } = this.run.intervals.aggregate;
    const named = Array.from({ length: seconds }, (_, i) => untrusted.workersIn(fromSecond + i) ?? []).flat();
    return runInterval(deltas, {
      fromSecond,
      seconds,
      runStartedAtMs: clock.startedAt.getTime(),
      state,
      late,
      thresholds: thresholdStates(judge),
      untrusted: [...new Set(named)],
    });
  }
}
