import type { ScenarioSpec, WorkerHookContext } from '@drumline/scenario';
import type { IntervalDelta } from '@drumline/stats';
import type { Findings } from '../findings.js';
import { LaneIntervals, type WatchedLane } from './lane-intervals.js';

/** The hooks on workers, in one lane. */
export class LaneHooks {
  private readonly intervals: LaneIntervals | undefined;

  constructor(
    private readonly hooks: ScenarioSpec['onWorker'],
    private readonly context: WorkerHookContext,
    private readonly lane: WatchedLane,
    findings: Findings,
  ) {
    this.intervals = LaneIntervals.of(hooks, context, lane, findings);
  }

  /** Whatever it throws prevents the lane from taking part in the run. */
  async runStart(): Promise<void> {
    await this.hooks?.runStart?.(this.context);
  }

  /** Takes what the lane has counted, for the hooks of seconds. */
  take(deltas: readonly IntervalDelta[]): void {
    this.intervals?.take(deltas);
  }

  /** Runs the hooks of the last seconds, then that of the end. Exceptions are counted. */
  async runStop(): Promise<void> {
    await this.intervals?.end();
    try {
      await this.hooks?.runStop?.(this.context);
    } catch (error) {
      this.lane.threw('', 'onWorker.runStop', error);
    }
  }
}
