import { setTimeout as delay } from 'node:timers/promises';
import { BoundedQueue, type Millis } from '@drumline/model';
import type { ScenarioSpec, WorkerHookContext } from '@drumline/scenario';
import {
  IntervalBlock,
  summarizing,
  takeSteps,
  type CollectedSeconds,
  type IntervalDelta,
} from '@drumline/stats';
import type { LaneInterval } from '@drumline/wire';
import { countedInterval } from '@drumline/wire/lane';
import type { Findings } from '../findings.js';

/** How much may wait for each hook: ten seconds, or two times ten. */
const MAX_WAITING = { second: 10, tenSeconds: 2 } as const;
/** How long the end of a lane waits for the hooks. */
const SETTLE_MS = 2_000;

type IntervalHook = keyof typeof MAX_WAITING;
type Interval = CollectedSeconds & Pick<LaneInterval, 'users'> & { readonly runStartedAtMs: Millis };

/** The lane whose seconds hooks receive. */
export interface WatchedLane {
  readonly users: number;
  /** On the monotonic clock; undefined before the run has started. */
  readonly startAtMs: Millis | undefined;
  now(): Millis;
  threw(user: string, task: string, error: unknown): void;
}

/** Runs the hooks of the scenario for every second of a lane, and for every ten seconds. */
export class LaneIntervals {
  private readonly counted = new Map<number, IntervalDelta[]>();
  private readonly block = new IntervalBlock(10);
  /** The second that is handed out next; undefined before the lane has started. */
  private next: number | undefined;
  private readonly seconds: BoundedQueue<Interval>;
  private readonly tens: BoundedQueue<Interval>;

  private constructor(
    private readonly hooks: NonNullable<ScenarioSpec['onWorker']>,
    private readonly context: WorkerHookContext,
    private readonly lane: WatchedLane,
    private readonly findings: Pick<Findings, 'add'>,
  ) {
    this.seconds = this.queueOf('second');
    this.tens = this.queueOf('tenSeconds');
  }

  /** @returns undefined without such hooks, which then cost nothing */
  static of(
    hooks: ScenarioSpec['onWorker'],
    ...about: [WorkerHookContext, WatchedLane, Pick<Findings, 'add'>]
  ): LaneIntervals | undefined {
    return hooks?.second || hooks?.tenSeconds ? new LaneIntervals(hooks, ...about) : undefined;
  }

  /** Takes what the lane has counted, and hands out the seconds that are over. */
  take(deltas: readonly IntervalDelta[]): void {
    for (const delta of deltas) {
      // What was counted late belongs to the second that is open.
      const second = Math.max(delta.second, this.next ?? 0);
      const known = this.counted.get(second);
      if (known) known.push(delta);
      else this.counted.set(second, [delta]);
    }
    this.handOut(this.currentSecond - 1);
  }

  /** Hands out the last second, and waits for the hooks. */
  async end(): Promise<void> {
    this.handOut(this.currentSecond);
    this.push(this.tens, this.block.end());
    const limit = delay(SETTLE_MS, undefined, { ref: false });
    await Promise.all([this.seconds.settle(limit), this.tens.settle(limit)]);
  }

  /** -1 before the run has started. */
  private get currentSecond(): number {
    const { startAtMs } = this.lane;
    return startAtMs === undefined ? -1 : Math.floor((this.lane.now() - startAtMs) / 1_000);
  }

  private handOut(throughSecond: number): void {
    if (throughSecond < 0) return;
    this.next ??= Math.min(throughSecond, ...this.counted.keys());
    for (; this.next <= throughSecond; this.next += 1) {
      const deltas = this.counted.get(this.next) ?? [];
      this.counted.delete(this.next);
      this.push(this.seconds, { deltas, fromSecond: this.next, seconds: 1 });
      this.push(this.tens, this.block.close(this.next, deltas));
    }
  }

  private push(queue: BoundedQueue<Interval>, collected: CollectedSeconds | undefined): void {
    const { users, startAtMs } = this.lane;
    if (!collected || startAtMs === undefined) return;
    queue.push({ ...collected, users, runStartedAtMs: Date.now() - (this.lane.now() - startAtMs) });
  }

  private queueOf(event: IntervalHook): BoundedQueue<Interval> {
    const name = `onWorker.${event}`;
    const receive = async (interval: Interval): Promise<void> => {
      if (!this.hooks[event]) return;
      try {
        await this.hooks[event]({ ...this.context, interval: await figuresOf(interval) });
      } catch (error) {
        this.lane.threw('', name, error);
      }
    };
    const onDropped = (count: number): void =>
      this.findings.add({ kind: 'intervals-lost', subject: name, count });
    return new BoundedQueue(receive, MAX_WAITING[event], onDropped);
  }
}

async function figuresOf({ deltas, users, ...span }: Interval): Promise<LaneInterval> {
  const { snapshot } = await takeSteps(summarizing(deltas));
  return { ...countedInterval(snapshot, span), users };
}
