import { turnsEnded } from '@drumline/drivers';
import type { Millis, Retirement } from '@drumline/model';
import {
  startFailurePolicy,
  TaskStream,
  waitTimeOf,
  type Branch,
  type Leaf,
} from '@drumline/scenario/runtime';
import type { TaskFunction, UserType, WaitTime } from '@drumline/scenario';
import { LaneContext, type UserControl } from './context.js';
import type { LaneObserver } from './observer.js';
import { firstDelayMs, nextDueMs } from './pace.js';
import type { Member } from './population.js';
import { progress } from './progress.js';

/** What the users of a lane share. */
export interface UserHost {
  readonly stopTimeoutMs: number;
  now(): number;
  /** Records an exception of user code, unless the run caused it or it is already counted. */
  threw(user: string, task: string, error: unknown): void;
  /** A user has ended before the load asked for it. No other takes its place. */
  retired(why: Retirement): void;
  /** A task has ended while one of its requests was in flight. */
  floated(user: string, task: string): void;
  passGate(): Promise<void> | undefined;
  /** Runs user code so that its calls are known to belong to this user. */
  enter<T>(user: LaneContext, code: () => T): T;
  /** Watches tasks and iterations, for debugging. */
  readonly observer?: Pick<LaneObserver, 'began' | 'iterated'> | undefined;
  /** Cuts off what the users share. */
  cutShared(): void;
  makeContext(type: UserType, index: number): LaneContext;
  /** A time at which a user with a constant interval should start a task, on the clock of `now`. */
  placeMs(index: number, periodMs: Millis): Millis;
}

/** Attempts of `onStart`, unless the scenario sets another number. */
const START_ATTEMPTS = 5;
/** The pause before the second attempt, milliseconds. It doubles up to the maximum. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Time for user code to end after it has been cut off, milliseconds. */
const CUT_GRACE_MS = 200;
/** Time for `onStop` after that, milliseconds. */
const LAST_STOP_MS = 3_000;

const NOTHING = (): void => {};

/**
 * One user: starts, runs its tasks with wait times, and stops. Counts everything that its code
 * throws.
 */
export class UserSession implements Member, UserControl {
  readonly done: Promise<void>;
  private readonly context: LaneContext;
  private finish!: () => void;
  private stopping = false;
  /** Whether it ended at its own request. */
  retired = false;
  /** Whether its `onStop` runs or has run. */
  private isLast = false;
  private hasState = false;
  private wasCut = false;
  private wake = NOTHING;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: UserHost,
    private readonly type: UserType,
    private readonly tasks: Branch<unknown>,
    private readonly index: number,
  ) {
    this.context = host.makeContext(type, index);
    this.context.control = this;
    this.done = new Promise((resolve) => (this.finish = resolve));
    void host.enter(this.context, () => this.lifetime());
  }

  stop(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    this.wake();
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
    this.host.cutShared();
  }

  private end(): void {
    void this.context.close().finally(this.finish);
  }

  // One function for the whole life of a user: each nested async function or promise costs memory
  // for every waiting user.
  private async lifetime(): Promise<void> {
    try {
      const { onStart, onStop } = this.type.spec;
      const wait = waitTimeOf(this.type.spec.wait);
      if ((!this.makeState() || onStart) && !(await this.begin())) return;
      const stream = new TaskStream(this.tasks, Math.random);
      let dueMs: Millis | undefined;
      if (wait?.periodMs !== undefined && !this.stopping) await this.pause(this.untilPlaceMs(wait.periodMs));
      while (!this.stopping) {
        const gate = this.host.passGate();
        if (gate) {
          dueMs = undefined;
          await Promise.race([gate, this.stopped()]);
          if (this.stopping) break;
          if (wait?.periodMs !== undefined) await this.pause(this.untilPlaceMs(wait.periodMs));
        }
        if (this.stopping) break;
        if (stream.isBetweenIterations) this.context.iterationCount += 1;
        const startedMs = wait ? this.host.now() : 0;
        if (dueMs !== undefined) this.context.startsLate(Math.max(0, startedMs - dueMs));
        const turn = turnsEnded();
        const task = stream.next();
        this.context.task = task.name;
        this.host.observer?.began(this.type.name, task.name);
        progress.count += 1;
        try {
          await task.run(this.context);
          if (this.context.hasFloating) this.host.floated(this.type.name, task.name);
        } catch (error) {
          if (this.context.unwinding === undefined) this.failed(task, error, stream);
        }
        if (this.context.unwinding !== undefined && this.context.settle() === 'iteration')
          stream.endIteration();
        if (this.host.observer && stream.isBetweenIterations) this.host.observer.iterated();
        if (this.stopping) break;
        dueMs = wait && this.dueMs(wait, startedMs);
        const delayMs = wait ? this.delayMs(wait, startedMs, dueMs) : 0;
        if (delayMs > 0) await this.pause(delayMs);
        // A task that did not wait yields to other users and to the event loop.
        else if (turn === turnsEnded()) await new Promise((resolve) => setImmediate(resolve));
      }
      const background = this.context.endBackground(this.host.stopTimeoutMs);
      if (background) await background;
      if (onStop && !this.isLast) await this.sayGoodbye(onStop);
    } finally {
      this.end();
    }
  }

  /**
   * Computes the wait time. If the scenario's function throws, that is counted and the user waits a
   * second.
   */
  private delayMs(wait: WaitTime, startedMs: Millis, dueMs: Millis | undefined): Millis {
    const nowMs = this.host.now();
    if (dueMs !== undefined) return Math.max(0, dueMs - nowMs);
    try {
      return wait.delayMs(startedMs, nowMs, Math.random());
    } catch (error) {
      this.threw('wait', error);
      return FIRST_RETRY_MS;
    }
  }

  /** When the next task is due, if the wait time says so. */
  private dueMs({ periodMs, dueAfterMs }: WaitTime, startedMs: Millis): Millis | undefined {
    if (periodMs !== undefined)
      return nextDueMs(this.host.placeMs(this.index, periodMs), periodMs, startedMs);
    return dueAfterMs === undefined ? undefined : startedMs + dueAfterMs;
  }

  private untilPlaceMs(periodMs: Millis): Millis {
    return firstDelayMs(this.host.placeMs(this.index, periodMs), periodMs, this.host.now());
  }

  /**
   * Runs `onStart` until it succeeds or the attempts are used up.
   * @returns whether the user continues with its tasks
   */
  private async begin(): Promise<boolean> {
    const { onStart } = this.type.spec;
    const policy = startFailurePolicy(this.type.spec);
    for (let attempt = 1; !this.stopping; attempt += 1) {
      const isMade = this.hasState || (attempt > 1 && this.makeState());
      if (isMade && (!onStart || (await this.attempt('onStart', onStart)))) return true;
      if (policy === 'continue') return true;
      if (this.stopping) return false;
      await this.context.endBackground(0);
      this.context.renewBackground();
      if (policy === 'stop-user' || (policy === undefined && attempt === START_ATTEMPTS))
        this.retire('notStarted');
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
    await this.host.enter(this.context, () => this.attempt('onStop', onStop));
    clearTimeout(limit);
  }

  /**
   * @returns whether it succeeded; exceptions are counted. Code that ends its user on purpose has
   * succeeded.
   */
  private async attempt(name: string, action: TaskFunction<unknown>): Promise<boolean> {
    this.context.task = name;
    this.host.observer?.began(this.type.name, name);
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
    this.host.threw(this.type.name, task, error);
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

/**
 * Doubles with each attempt, plus or minus a quarter. The jitter keeps users that failed together
 * from retrying together.
 */
function retryDelayMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
}
