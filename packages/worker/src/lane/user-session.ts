import { turnsEnded } from '@drumline/drivers';
import type { Millis, Retirement } from '@drumline/model';
import { startFailurePolicy, TaskStream, waitTimeOf, type Leaf } from '@drumline/scenario/runtime';
import type { TaskFunction, UserType, WaitTime } from '@drumline/scenario';
import type { LaneContext, UserControl } from './context.js';
import { ON_TIME_MS } from './load/lateness.js';
import type { GivenMember, Iteration, IterationSource } from './load/member.js';
import type { LaneHost, LoadedType, UserHost } from './user-host.js';
import { progress } from './progress.js';
import { taskDueMs, untilPlaceMs, type TimedUser } from './task-times.js';
import { FIRST_RETRY_MS, retryDelayMs, START_ATTEMPTS } from './start-attempts.js';

/** Time for user code to end after it has been cut off, milliseconds. */
const CUT_GRACE_MS = 200;
/** Time for `onStop` after that, milliseconds. */
const LAST_STOP_MS = 3_000;

/**
 * One user: starts, runs its tasks with wait times, and stops. Counts everything that its code
 * throws.
 */
export class UserSession implements GivenMember, UserControl, TimedUser {
  readonly done: Promise<void>;
  private readonly context: LaneContext;
  private readonly lane: LaneHost;
  private readonly type: UserType;
  private resolveDone!: () => void;
  private stopping = false;
  /** Whether it ends after the current iteration. */
  private finishing = false;
  isReady = false;
  isBusy = false;
  /** Whether it ended at its own request. */
  retired = false;
  /** Whether its `onStop` runs or has run. */
  private isLast = false;
  private hasState = false;
  private wasCut = false;
  private wake = (): void => {};
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly host: UserHost,
    loaded: LoadedType,
    /** Its number in the part of the load. */
    readonly item: number,
    /** Undefined in a closed loop. */
    private readonly source?: IterationSource,
    /** The iteration that the user has. */
    private given?: Iteration,
  ) {
    this.lane = host.lane;
    this.type = loaded.type;
    this.context = host.makeContext(loaded, item);
    this.context.control = this;
    this.done = new Promise((resolve) => (this.resolveDone = resolve));
    void this.lane.enter(this.context, () => this.lifetime(loaded.tasks));
  }

  stop(): void {
    this.stopping = true;
    this.context.stopWaiting();
    clearTimeout(this.timer);
    this.wake();
  }

  get hasPlace(): boolean {
    return this.source?.waits !== false;
  }

  get isEnding(): boolean {
    return this.stopping || this.finishing;
  }

  give(iteration: Iteration): void {
    this.given = iteration;
    this.wake();
  }

  finish(): void {
    this.finishing = true;
    if (this.isReady && !this.isBusy && this.given === undefined) this.stop();
  }

  /** Ends the user at the request of its code. */
  leave(): void {
    if (!this.stopping) this.retire('stopped');
  }

  cut(): void {
    if (this.wasCut) return;
    this.wasCut = true;
    const hadOnStop = this.isLast;
    this.interrupt();
    // User code has a moment to notice. Code that never returns is abandoned.
    setTimeout(() => {
      if (this.isLast && !hadOnStop) return;
      this.isLast = true;
      this.end();
    }, CUT_GRACE_MS);
  }

  kill(): void {
    this.isLast = true;
    this.interrupt();
    this.end();
  }

  private interrupt(): void {
    this.stop();
    this.context.cut();
    this.lane.cutShared();
  }

  private end(): void {
    void this.context.close().finally(this.resolveDone);
  }

  // One function for the whole life of a user: each nested async function or promise costs memory
  // for every waiting user.
  private async lifetime(tasks: LoadedType['tasks']): Promise<void> {
    try {
      const { onStart, onStop } = this.type.spec;
      const wait = waitTimeOf(this.type.spec.wait);
      const { source } = this;
      const { observer } = this.lane;
      if (this.given) this.beginIteration(this.given);
      if ((!this.makeState() || onStart) && !(await this.begin())) return;
      let dueMs: Millis | undefined;
      const stream = new TaskStream(tasks, Math.random);
      const isPaced = wait?.periodMs !== undefined && this.hasPlace;
      if (isPaced && !this.stopping) await this.pause(untilPlaceMs(this, wait.periodMs!, this.lane.now()));
      this.isReady = true;
      while (!this.stopping) {
        const gate = this.lane.passGate();
        if (gate) {
          dueMs = undefined;
          await Promise.race([gate, this.stopped()]);
          if (this.stopping) break;
          if (isPaced) await this.pause(untilPlaceMs(this, wait.periodMs!, this.lane.now()));
        }
        if (this.stopping) break;
        if (stream.isBetweenIterations) {
          if (source === undefined) this.context.iterationCount += 1;
          else if (!this.isBusy) {
            if (this.finishing && this.given === undefined) break;
            const iteration = this.given ?? source.next(this);
            if (iteration === undefined) {
              if (this.given === undefined && !this.stopping) await this.stopped();
              continue;
            }
            this.beginIteration(iteration);
          }
        }
        const startedMs = wait ? this.lane.now() : 0;
        if (dueMs !== undefined) this.context.startsLate(Math.max(0, startedMs - dueMs));
        const turn = turnsEnded();
        const task = stream.next();
        this.context.task = task.name;
        observer?.began(this.type.name, task.name);
        progress.count += 1;
        try {
          await task.run(this.context);
          if (this.context.hasFloating) this.lane.floated(this.type.name, task.name);
        } catch (error) {
          if (this.context.unwinding === undefined) this.failed(task, error, stream);
        }
        if (this.context.unwinding !== undefined && this.context.settle() === 'iteration')
          stream.endIteration();
        if (stream.isBetweenIterations) this.context.endIteration(observer);
        if (source !== undefined && stream.isBetweenIterations) {
          this.isBusy = false;
          source.ended(this);
          dueMs = undefined;
          // It takes no time until the next iteration, which may be due already.
          if (!source.waits) continue;
        }
        if (this.stopping) break;
        dueMs = wait && taskDueMs(this, wait, startedMs);
        const delayMs = wait ? this.delayMs(wait, startedMs, dueMs) : 0;
        if (delayMs > 0) await this.pause(delayMs);
        // A task that did not wait yields to other users and to the event loop.
        else if (turn === turnsEnded()) await new Promise((resolve) => setImmediate(resolve));
      }
      const background = this.context.endBackground(this.lane.stopTimeoutMs);
      if (background) await background;
      if (onStop && !this.isLast) await this.sayGoodbye(onStop);
    } finally {
      this.end();
    }
  }

  private beginIteration({ number, dueAtMs }: Iteration): void {
    this.given = undefined;
    this.isBusy = true;
    const nowMs = this.lane.now();
    const lateMs = dueAtMs === undefined ? 0 : nowMs - dueAtMs;
    this.context.iterationCount = number;
    this.context.startsLate(lateMs < ON_TIME_MS ? 0 : lateMs);
    this.source!.began(lateMs, nowMs);
  }

  /**
   * Computes the wait time. If the scenario's function throws, that is counted and the user waits a
   * second.
   */
  private delayMs(wait: WaitTime, startedMs: Millis, dueMs: Millis | undefined): Millis {
    const nowMs = this.lane.now();
    if (dueMs !== undefined) return Math.max(0, dueMs - nowMs);
    try {
      return wait.delayMs(startedMs, nowMs, Math.random());
    } catch (error) {
      this.threw('wait', error);
      return FIRST_RETRY_MS;
    }
  }

  /**
   * Runs `onStart` until it succeeds or the attempts are used up.
   * @returns whether the user continues with its tasks
   */
  private async begin(): Promise<boolean> {
    const { onStart } = this.type.spec;
    const policy = startFailurePolicy(this.type.spec);
    const attempts = this.source?.startAttempts ?? START_ATTEMPTS;
    for (let attempt = 1; !this.stopping; attempt += 1) {
      const isMade = this.hasState || (attempt > 1 && this.makeState());
      if (isMade && (!onStart || (await this.attempt('onStart', onStart)))) return true;
      if (policy === 'continue') return true;
      if (this.stopping) return false;
      await this.context.endBackground(0);
      this.context.renewBackground();
      if (policy === 'stop-user' || (policy === undefined && attempt === attempts)) this.retire('notStarted');
      else await this.pause(retryDelayMs(attempt));
    }
    return false;
  }

  /** @returns whether it succeeded; exceptions are counted */
  private makeState(): boolean {
    try {
      this.context.state = this.type.makeState();
      return (this.hasState = true);
    } catch (error) {
      this.threw('state', error);
      return false;
    }
  }

  /**
   * Runs `onStop`. A user that was cut off has a little more time for it. Its task has ended by
   * now.
   */
  private async sayGoodbye(onStop: TaskFunction<unknown>): Promise<void> {
    this.isLast = true;
    if (!this.context.isCut) return void (await this.attempt('onStop', onStop));
    this.context.revive();
    const limit = setTimeout(() => {
      this.interrupt();
      setTimeout(() => this.end(), CUT_GRACE_MS);
    }, LAST_STOP_MS);
    await this.lane.enter(this.context, () => this.attempt('onStop', onStop));
    clearTimeout(limit);
  }

  /**
   * @returns whether it succeeded; exceptions are counted. Code that ends its user on purpose has
   * succeeded.
   */
  private async attempt(name: string, action: TaskFunction<unknown>): Promise<boolean> {
    this.context.task = name;
    this.lane.observer?.began(this.type.name, name);
    try {
      await action(this.context);
      return true;
    } catch (error) {
      if (this.context.unwinding !== undefined) return true;
      this.threw(name, error);
      return false;
    } finally {
      this.context.settle();
    }
  }

  private failed(task: Leaf<unknown>, error: unknown, stream: TaskStream<unknown>): void {
    this.threw(task.name, error);
    if (stream.failed(task)) this.leave();
  }

  private retire(why: Retirement): void {
    this.retired = true;
    this.host.retired(why);
    this.stop();
  }

  private threw(task: string, error: unknown): void {
    this.lane.threw(this.type.name, task, error);
  }

  /** Waits, but not longer than the user is wanted. */
  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.timer = setTimeout(resolve, delayMs);
      this.wake = resolve;
    });
  }

  private stopped(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
