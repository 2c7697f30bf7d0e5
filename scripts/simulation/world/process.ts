import type { WorldEvent } from './event-queue.js';
import type { World } from './world.js';

/** The monotonic clock of a machine, with its origin and drift. */
export interface MachineClock {
  readonly aheadMs: number;
  /** 1.0001 gains a tenth of a millisecond per second. */
  readonly rate: number;
}

/** The result of `setTimeout` and `setInterval` in a simulated process. */
export class SimulatedTimer {
  event: WorldEvent | undefined;

  cancel(): void {
    if (this.event) this.event.cancelled = true;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/**
 * A process of the world. Its code runs when a timer fires or a message arrives. It can be frozen,
 * resumed and killed.
 */
export class SimulatedProcess {
  private state: 'running' | 'frozen' | 'dead' = 'running';
  private held: WorldEvent[] = [];
  /** Called when it ends for any reason. */
  onExit: () => void = () => {};

  constructor(
    private readonly world: World,
    readonly name: string,
    private readonly clock: MachineClock,
  ) {}

  /** The monotonic clock of its machine, milliseconds. */
  get nowMs(): number {
    return this.clock.aheadMs + this.world.nowMs * this.clock.rate;
  }

  get alive(): boolean {
    return this.state !== 'dead';
  }

  get frozen(): boolean {
    return this.state === 'frozen';
  }

  after(delayMs: number, action: () => void): SimulatedTimer {
    const timer = new SimulatedTimer();
    timer.event = this.arm(delayMs, action);
    return timer;
  }

  /** A repeating timer. Ticks during a freeze are skipped. */
  every(periodMs: number, action: () => void): SimulatedTimer {
    const timer = new SimulatedTimer();
    const fire = (): void => {
      timer.event = this.arm(periodMs, fire);
      action();
    };
    timer.event = this.arm(periodMs, fire);
    return timer;
  }

  /** Runs code in the process as soon as possible, such as its start or an order from outside. */
  run(action: () => void): void {
    this.receive(0, action);
  }

  /** Delivers something from outside after a delay in world time. */
  receive(delayMs: number, action: () => void): void {
    this.world.at(this.world.nowMs + delayMs, action, this, 'message');
  }

  /** Simulates SIGSTOP: nothing runs, and arriving messages wait. */
  freeze(): void {
    if (this.state === 'running') this.state = 'frozen';
  }

  /** Simulates SIGCONT: due timers fire first, then waiting messages arrive in order. */
  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'running';
    const held = this.held.splice(0);
    for (const kind of ['timer', 'message'] as const) {
      for (const event of held) if (event.kind === kind) this.world.again(event);
    }
  }

  /** Simulates SIGKILL. */
  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.held = [];
    this.onExit();
  }

  /** Handles a due event. @returns whether it may happen now */
  admits(event: WorldEvent): boolean {
    if (this.state === 'frozen') this.held.push(event);
    return this.state === 'running';
  }

  private arm(delayMs: number, action: () => void): WorldEvent {
    // The shortest timer is a millisecond, as in Node.
    return this.world.at(this.world.nowMs + Math.max(1, delayMs) / this.clock.rate, action, this, 'timer');
  }
}
