import type { WorldEvent } from './event-queue.js';
import type { World } from './world.js';

/** A machine's monotonic clock: where it began to count, and how fast it goes. */
export interface MachineClock {
  readonly aheadMs: number;
  /** 1.0001 gains a tenth of a millisecond a second. */
  readonly rate: number;
}

/** What `setTimeout` and `setInterval` give a simulated process. */
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

/** A process of the world: code that runs when a timer fires or a message comes, can be stopped and let go on, and killed. */
export class SimulatedProcess {
  private state: 'running' | 'frozen' | 'dead' = 'running';
  private held: WorldEvent[] = [];
  /** Called when it ends, however it does. */
  onExit: () => void = () => {};

  constructor(
    private readonly world: World,
    readonly name: string,
    private readonly clock: MachineClock,
  ) {}

  /** Its machine's monotonic clock, milliseconds. */
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

  /** Fires again a period after it has fired: what it missed while it was frozen is not made up for. */
  every(periodMs: number, action: () => void): SimulatedTimer {
    const timer = new SimulatedTimer();
    const fire = (): void => {
      timer.event = this.arm(periodMs, fire);
      action();
    };
    timer.event = this.arm(periodMs, fire);
    return timer;
  }

  /** Runs something in it as soon as it can: its start, or an order from outside. */
  run(action: () => void): void {
    this.receive(0, action);
  }

  /** Something from outside arrives after a time of the world's. */
  receive(delayMs: number, action: () => void): void {
    this.world.at(this.world.nowMs + delayMs, action, this, 'message');
  }

  /** As SIGSTOP: nothing happens in it, what comes waits. */
  freeze(): void {
    if (this.state === 'running') this.state = 'frozen';
  }

  /** As SIGCONT: first the timers that are due, then what came, in its order. */
  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'running';
    const held = this.held.splice(0);
    for (const kind of ['timer', 'message'] as const) {
      for (const event of held) if (event.kind === kind) this.world.again(event);
    }
  }

  /** As SIGKILL. */
  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.held = [];
    this.onExit();
  }

  /** Takes an event that is due. @returns whether it may happen now */
  admits(event: WorldEvent): boolean {
    if (this.state === 'frozen') this.held.push(event);
    return this.state === 'running';
  }

  private arm(delayMs: number, action: () => void): WorldEvent {
    // As Node does: no timer is shorter than a millisecond.
    return this.world.at(this.world.nowMs + Math.max(1, delayMs) / this.clock.rate, action, this, 'timer');
  }
}
