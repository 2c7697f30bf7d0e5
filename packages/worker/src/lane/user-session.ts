import { turnsEnded } from '@drumline/drivers';
import type { Millis, Retirement } from '@drumline/model';
import { startFailurePolicy, TaskStream, type Branch, type Leaf } from '@drumline/scenario/runtime';
import type { TaskFunction, UserType, WaitTime } from '@drumline/scenario';
import { LaneContext, type UserControl } from './context.js';
import { firstDelayMs, nextDelayMs } from './pace.js';
import type { Member } from './population.js';
import { progress } from './progress.js';

/** What the users of a lane share. */
export interface UserHost {
  readonly stopTimeoutMs: number;
  now(): number;
  /** Counts what a user's code threw, unless it is the run's own doing or counted already. */
  threw(user: string, task: string, error: unknown): void;
  /** A user has ended before the load wanted it to, and no other takes its place. */
  retired(why: Retirement): void;
  /** A task has ended while a request of its was under way. */
  floated(user: string, task: string): void;
  passGate(): Promise<void> | undefined;
  /** Runs the user's code where what it does is known to be that user's. */
  enter<T>(user: LaneContext, code: () => T): T;
  /** A user is cut off: so is what users share. */
  cutShared(): void;
  makeContext(type: UserType, index: number): LaneContext;
  /**
   * An instant at which a user with a constant interval between its tasks should start one, on the
   * clock of `now`.
   */
  placeMs(index: number, periodMs: Millis): Millis;
}

/** Attempts of `onStart`, unless the scenario says otherwise. */
const START_ATTEMPTS = 5;
/** The pause before the second attempt; it doubles up to the longest, milliseconds. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** After it has been cut off, a user's code has this long to end, milliseconds. */
const CUT_GRACE_MS = 200;
/** So long `onStop` may take after that, milliseconds. */
const LAST_STOP_MS = 3_000;

const NOTHING = (): void => {};

/** One user: starts, does its tasks with its waits, stops. Everything its code throws is counted and survived. */
export class UserSession implements Member, UserControl {
  readonly done: Promise<void>;
  private readonly context: LaneContext;
  private finish!: () => void;
  private stopping = false;
  /** It has ended by itself. */
  retired = false;
  /** Its `onStop` runs, or has run. */
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

  /** The user's own code ordered its end. */
  leave(): void {
    if (!this.stopping) this.retire('stopped');
  }

  cut(): void {
    if (this.wasCut) return;
    this.wasCut = true;
    const hadOnStop = this.isLast;
    this.interrupt();
    // Its code has a moment to notice; code that never returns is left behind.
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

  // One function for the whole life: every async function that waits within another costs each waiting user memory, and so does each
  // promise that waits for another.
  private async lifetime(): Promise<void> {
    try {
      const { onStart, onStop, wait } = this.type.spec;
      if ((!this.makeState() || onStart) && !(await this.begin())) return;
      const stream = new TaskStream(this.tasks, Math.random);
      if (wait?.periodMs !== undefined && !this.stopping) await this.pause(this.untilPlaceMs(wait.periodMs));
      while (!this.stopping) {
        const gate = this.host.passGate();
        if (gate) {
          await Promise.race([gate, this.stopped()]);
          if (this.stopping) break;
          if (wait?.periodMs !== undefined) await this.pause(this.untilPlaceMs(wait.periodMs));
        }
        if (this.stopping) break;
        const startedMs = wait ? this.host.now() : 0;
        const turn = turnsEnded();
        const task = stream.next();
        this.context.task = task.name;
        progress.count += 1;
        try {
          await task.run(this.context);
          if (this.context.hasFloating) this.host.floated(this.type.name, task.name);
        } catch (error) {
          if (this.context.unwinding === undefined) this.failed(task, error, stream);
        }
        if (this.context.unwinding !== undefined && this.context.settle() === 'iteration')
          stream.endIteration();
        if (this.stopping) break;
        const delayMs = wait ? this.delayMs(wait, startedMs) : 0;
        if (delayMs > 0) await this.pause(delayMs);
        // A task that waited for nothing gives way to the others and to the event loop.
        else if (turn === turnsEnded()) await new Promise((resolve) => setImmediate(resolve));
      }
      const background = this.context.endBackground(this.host.stopTimeoutMs);
      if (background) await background;
      if (onStop && !this.isLast) await this.sayGoodbye(onStop);
    } finally {
      this.end();
    }
  }

  /** What the scenario's own wait time throws is counted, and the user waits a second. */
  private delayMs(wait: WaitTime, startedMs: Millis): Millis {
    const { periodMs } = wait;
    const nowMs = this.host.now();
    if (periodMs !== undefined)
      return nextDelayMs(this.host.placeMs(this.index, periodMs), periodMs, startedMs, nowMs);
    try {
      return wait.delayMs(startedMs, nowMs, Math.random());
    } catch (error) {
      this.threw('wait', error);
      return FIRST_RETRY_MS;
    }
  }

  private untilPlaceMs(periodMs: Millis): Millis {
    return firstDelayMs(this.host.placeMs(this.index, periodMs), periodMs, this.host.now());
  }

  /**
   * Runs `onStart` until it goes well, or as often as it may.
   * @returns whether the user goes on to its tasks
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

  /** @returns whether it went well; what it throws is counted */
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
   * Runs `onStop`. A user that was cut off has a short time more for it; its task has ended by now.
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
   * not failed.
   */
  private async attempt(name: string, action: TaskFunction<unknown>): Promise<boolean> {
    this.context.task = name;
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
 * Doubles with each attempt, give or take a quarter, so that users that failed together do not come
 * back together.
 */
function retryDelayMs(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
}
