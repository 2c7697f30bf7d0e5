import { turnsEnded } from '@drumline/drivers';
import type { Millis } from '@drumline/model';
import { TaskStream, type Branch } from '@drumline/scenario/runtime';
import type { TaskFunction, UserType, WaitTime } from '@drumline/scenario';
import { LaneContext } from './context.js';
import { firstDelayMs, nextDelayMs } from './pace.js';
import type { Member } from './population.js';

/** What the users of a lane share. */
export interface UserHost {
  now(): number;
  /** Counts what a user's code threw, unless it is the run's own doing or counted already. */
  threw(user: string, task: string, error: unknown): void;
  passGate(): Promise<void> | undefined;
  /** Runs the user's code where what it does is known to be that user's. */
  enter<T>(user: LaneContext, code: () => T): T;
  /** A user is cut off: so is what users share. */
  cutShared(): void;
  makeContext(type: UserType, index: number): LaneContext;
  /** An instant at which a user with a constant interval between its tasks should start one, on the clock of `now`. */
  placeMs(index: number, periodMs: Millis): Millis;
}

/** A pause before a user whose `onStart` threw tries again, milliseconds. */
const RETRY_MS = 1_000;
/** After it has been cut off, a user's code has this long to end, milliseconds. */
const CUT_GRACE_MS = 200;

const NOTHING = (): void => {};

/** One user: starts, does its tasks with its waits, stops. Everything its code throws is counted and survived. */
export class UserSession implements Member {
  readonly done: Promise<void>;
  private readonly context: LaneContext;
  private finish!: () => void;
  private stopping = false;
  private wake = NOTHING;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: UserHost,
    private readonly type: UserType,
    private readonly tasks: Branch<unknown>,
    private readonly index: number,
  ) {
    this.context = host.makeContext(type, index);
    this.done = new Promise((resolve) => (this.finish = resolve));
    void host.enter(this.context, () => this.lifetime());
  }

  stop(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    this.wake();
  }

  cut(): void {
    this.stop();
    this.context.cut();
    this.host.cutShared();
    // Its code has a moment to notice; code that never returns is left behind.
    setTimeout(() => this.end(), CUT_GRACE_MS);
  }

  private end(): void {
    void this.context.close().finally(this.finish);
  }

  // One function for the whole life: every async function that waits within another costs each waiting user memory, and so does each
  // promise that waits for another.
  private async lifetime(): Promise<void> {
    try {
      const { onStart, onStop, wait } = this.type.spec;
      while (onStart && !(await this.attempt('onStart', onStart))) {
        if (!this.stopping) await this.pause(RETRY_MS);
        if (this.stopping) return;
      }
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
        try {
          await task.run(this.context);
        } catch (error) {
          this.threw(task.name, error);
        }
        if (this.stopping) break;
        const delayMs = wait ? this.delayMs(wait, startedMs) : 0;
        if (delayMs > 0) await this.pause(delayMs);
        // A task that waited for nothing gives way to the others and to the event loop.
        else if (turn === turnsEnded()) await new Promise((resolve) => setImmediate(resolve));
      }
      if (onStop && !this.context.isCut) await this.attempt('onStop', onStop);
    } finally {
      this.end();
    }
  }

  private delayMs(wait: WaitTime, startedMs: Millis): Millis {
    const { periodMs } = wait;
    const nowMs = this.host.now();
    return periodMs === undefined
      ? wait.delayMs(startedMs, nowMs, Math.random())
      : nextDelayMs(this.host.placeMs(this.index, periodMs), periodMs, startedMs, nowMs);
  }

  private untilPlaceMs(periodMs: Millis): Millis {
    return firstDelayMs(this.host.placeMs(this.index, periodMs), periodMs, this.host.now());
  }

  /** @returns whether it went well; what it throws is counted */
  private async attempt(name: string, action: TaskFunction<unknown>): Promise<boolean> {
    try {
      await action(this.context);
      return true;
    } catch (error) {
      this.threw(name, error);
      return false;
    }
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
