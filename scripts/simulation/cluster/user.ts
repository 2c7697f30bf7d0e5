import type { Outcome } from '@drumline/model';
import type { Member } from '@drumline/worker/testing';
import type { SimulatedProcess, SimulatedTimer } from '../world/process.js';
import type { Random } from '../world/random.js';

/** What a simulated user needs from its lane. */
export interface UserHost {
  readonly process: SimulatedProcess;
  readonly random: Random;
  /** Resolves when the run is not paused. */
  passGate(): Promise<void> | undefined;
  /** A request reaches the target. */
  send(): void;
  /** The user has ended. */
  record(type: string, outcome: Outcome, durationMs: number): void;
}

const REQUEST_MS = { from: 5, to: 400 };
const WAIT_MS = { from: 50, to: 1_500 };

/**
 * A user whose only task is one request: it sends, waits for the answer, thinks, and repeats until
 * it is stopped.
 */
export class SimulatedUser implements Member {
  readonly retired = false;
  readonly done: Promise<void>;
  private finish!: () => void;
  private stopping = false;
  private timer: SimulatedTimer | undefined;
  /** When the request in flight was sent, on the lane's clock. */
  private sentAtMs: number | undefined;

  constructor(
    private readonly host: UserHost,
    private readonly type: string,
  ) {
    this.done = new Promise((resolve) => (this.finish = resolve));
    this.turn();
  }

  /** Whether this user is part of the current load. */
  get wanted(): boolean {
    return !this.stopping;
  }

  stop(): void {
    this.stopping = true;
    if (this.sentAtMs === undefined) this.end();
  }

  cut(): void {
    this.stopping = true;
    if (this.sentAtMs !== undefined) this.receive('interrupted');
    this.end();
  }

  kill(): void {
    this.cut();
  }

  private turn(): void {
    if (this.stopping) return this.end();
    const gate = this.host.passGate();
    if (gate) return void gate.then(() => this.turn());
    const { process, random } = this.host;
    this.sentAtMs = process.nowMs;
    this.host.send();
    this.timer = process.after(random.between(REQUEST_MS.from, REQUEST_MS.to), () => this.answered());
  }

  private answered(): void {
    const { process, random } = this.host;
    this.receive(random.chance(0.05) ? 'failed' : 'passed');
    if (this.stopping) return this.end();
    this.timer = process.after(random.between(WAIT_MS.from, WAIT_MS.to), () => this.turn());
  }

  private receive(outcome: Outcome): void {
    this.host.record(this.type, outcome, this.host.process.nowMs - this.sentAtMs!);
    this.sentAtMs = undefined;
  }

  private end(): void {
    this.timer?.cancel();
    this.finish();
  }
}
