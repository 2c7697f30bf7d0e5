import { isInterrupted } from '@drumline/drivers';
import { messageOf, stackOf } from '@drumline/model';
import { taskStream, tidyStack, type Branch, type Leaf } from '@drumline/scenario/runtime';
import type { UserType } from '@drumline/scenario';
import type { ThrownException } from '@drumline/stats';
import { LaneContext } from './context.js';
import type { Member } from './population.js';

/** What the users of a lane share. */
export interface UserHost {
  now(): number;
  exception(thrown: ThrownException): void;
  passGate(): Promise<void> | undefined;
  makeContext(type: UserType, index: number): LaneContext;
}

/** A pause before a user whose `onStart` threw tries again, milliseconds. */
const RETRY_MS = 1_000;
/** A task that ends sooner than this without a wait after it gives way to the event loop, milliseconds. */
const BUSY_MS = 0.1;

/** One user: starts, does its tasks with its waits, stops. Everything its code throws is counted and survived. */
export class UserSession implements Member {
  readonly done: Promise<void>;
  private readonly context: LaneContext;
  private stopping = false;
  private wake: () => void = () => {};

  constructor(
    private readonly host: UserHost,
    private readonly type: UserType,
    private readonly tasks: Branch<unknown>,
    index: number,
  ) {
    this.context = host.makeContext(type, index);
    this.done = this.live();
  }

  stop(): void {
    this.stopping = true;
    this.wake();
  }

  cut(): void {
    this.stop();
    this.context.cut();
  }

  private async live(): Promise<void> {
    try {
      const life = this.lifetime();
      await Promise.race([life, this.context.whenCut]);
    } finally {
      await this.context.close();
    }
  }

  private async lifetime(): Promise<void> {
    const { onStart, onStop } = this.type.spec;
    while (onStart && !(await this.attempt('onStart', () => onStart(this.context)))) {
      if (this.stopping) return;
      await this.pause(RETRY_MS);
      if (this.stopping) return;
    }
    await this.doTasks();
    if (onStop && !this.context.isCut) await this.attempt('onStop', () => onStop(this.context));
  }

  private async doTasks(): Promise<void> {
    const { wait } = this.type.spec;
    const stream = taskStream(this.tasks, Math.random);
    while (!this.stopping) {
      const gate = this.host.passGate();
      if (gate) await Promise.race([gate, this.stopped()]);
      if (this.stopping) return;
      const startedMs = this.host.now();
      await this.doTask(stream.next().value);
      if (this.stopping) return;
      const nowMs = this.host.now();
      const delayMs = wait ? wait.delayMs(startedMs, nowMs, Math.random()) : 0;
      if (delayMs > 0) await this.pause(delayMs);
      else if (nowMs - startedMs < BUSY_MS) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private async doTask(task: Leaf<unknown>): Promise<void> {
    try {
      await task.run(this.context);
    } catch (error) {
      this.count(task.name, error);
    }
  }

  private async attempt(what: string, action: () => unknown): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.count(what, error);
      return false;
    }
  }

  private count(task: string, error: unknown): void {
    if (isInterrupted(error)) return;
    this.host.exception({ user: this.type.name, task, message: messageOf(error), stack: tidyStack(stackOf(error)) });
  }

  /** Waits, but not longer than the user is wanted. */
  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private stopped(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
