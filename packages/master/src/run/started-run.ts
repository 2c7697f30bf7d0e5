import { isOpen, loadEndMs, plannedRateAt, type Load, type Millis, type Plan } from '@drumline/model';
import type { ScenarioBundle } from '@drumline/scenario/project';
import { ThresholdJudge } from '@drumline/stats';
import type { Dispatch } from '../allocation/dispatch.js';
import type { PlannedAllocation } from '../allocation/planned-allocation.js';
import type { Aggregate } from '../intervals/aggregate.js';
import { EndTimer } from './end-timer.js';
import { searchOf, type LimitSearch } from './limit-search.js';
import { howFar } from './progress.js';
import type { RunClock } from './run-clock.js';

/** A run whose plan is known. */
export interface PlannedRun {
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  readonly allocation: PlannedAllocation;
  /** Judges the thresholds of the plan, if there are any. */
  readonly judge: ThresholdJudge;
  /** The search for a limit, if the load is one. */
  readonly search: LimitSearch | undefined;
}

/** A run whose plan is now known. */
export function planRun(
  bundle: ScenarioBundle,
  plan: Plan,
  allocation: PlannedAllocation,
  aggregate: Aggregate,
): PlannedRun {
  const judge = new ThresholdJudge(plan.thresholds ?? []);
  return { bundle, plan, allocation, judge, search: searchOf(plan, aggregate) };
}

/** A run that has started: its load follows a clock. */
export class StartedRun implements PlannedRun {
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
  readonly allocation: PlannedAllocation;
  readonly judge: ThresholdJudge;
  readonly search: LimitSearch | undefined;
  readonly dispatch: Dispatch;
  /** How far the run was when it ended because no user was left. */
  endedWithoutUsers: string | undefined;
  /** What changes the load during the run, if anything does. */
  controller: { close(): void } | undefined;
  private readonly endTimer: EndTimer;

  constructor(
    { bundle, plan, allocation, judge, search }: PlannedRun,
    readonly clock: RunClock,
    /** Called at the planned end of the load. */
    onEnd: () => void,
  ) {
    this.bundle = bundle;
    this.plan = plan;
    this.allocation = allocation;
    this.judge = judge;
    this.search = search;
    this.dispatch = allocation.dispatch;
    this.endTimer = new EndTimer(clock, onEnd);
    this.endTimer.plan(this.load);
  }

  get load(): Load {
    return this.dispatch.load;
  }

  /**
   * The planned end, milliseconds since the start; `Infinity` if the plan has no end or the run is
   * paused.
   */
  get plannedEndMs(): Millis {
    return plannedEndMs(this.load, this.clock);
  }

  /** How much of the plan has run, for display. */
  get howFar(): string {
    return howFar(this.clock.runMs, this.load);
  }

  /** How many users the plan asks for at a time since the start. */
  plannedUsersAt(elapsedMs: Millis): number {
    return this.dispatch.plannedUsers(this.clock.runMsAt(elapsedMs));
  }

  /** Starts per second that the plan asks for; undefined if no part of it has a rate. */
  plannedRateAt(elapsedMs: Millis): number | undefined {
    if (!this.load.parts.some(({ workload }) => isOpen(workload))) return undefined;
    return plannedRateAt(this.load, this.clock.runMsAt(elapsedMs));
  }

  /** Sends the assignments again after the load or its clock has changed. */
  applyLoad(): void {
    this.dispatch.pausedAtMs = this.clock.pausedAtMs;
    this.dispatch.pausedMs = this.clock.pausedMs;
    this.allocation.placeUsers();
    this.endTimer.plan(this.load);
  }

  /** Ends the load. */
  endLoad(): void {
    this.clock.orderEnd();
    this.cancelEnd();
  }

  /** The load is ending, so its planned end no longer counts. */
  cancelEnd(): void {
    this.endTimer.cancel();
    this.controller?.close();
    this.judge.endLoad(Math.floor(this.clock.elapsedMs / 1_000));
  }
}

/** The end of a load, milliseconds since the start; `Infinity` without an end or in a pause. */
export function plannedEndMs(load: Load, clock: Pick<RunClock, 'paused' | 'pausedMs'>): Millis {
  const durationMs = loadEndMs(load);
  return durationMs === null || clock.paused ? Infinity : durationMs + clock.pausedMs;
}
