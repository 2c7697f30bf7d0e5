import type { Outcome } from '@drumline/model';
import type { GivenMember, Iteration, IterationSource } from '@drumline/worker/testing';
import type { SimulatedProcess, SimulatedTimer } from '../world/process.js';
import type { Random } from '../world/random.js';
import type { BorrowedRow } from './target.js';

/** What a simulated user needs from its lane. */
export interface UserHost {
  readonly process: SimulatedProcess;
  readonly random: Random;
  /** Resolves when the run is not paused. */
  passGate(): Promise<void> | undefined;
  /** A request reaches the target. */
  send(): void;
  /** Borrows a row, if there is one. Its use is refused once others may have it. */
  borrow(): BorrowedRow;
  /** An iteration of an open or fixed part begins. */
  began(part: number, iteration: Iteration): void;
  /** The user has ended. */
  record(type: string, outcome: Outcome, durationMs: number): void;
}

const REQUEST_MS = { from: 5, to: 400 };
const WAIT_MS = { from: 50, to: 1_500 };

/**
 * A user whose only task is one request with a borrowed row: it sends, waits for the answer, uses
 * the row once more, thinks, and repeats until it is stopped. In an open or fixed part of the load,
 * it asks for each iteration.
 */
export class SimulatedUser implements GivenMember {
  readonly retired = false;
  readonly isReady = true;
  isBusy = false;
  readonly done: Promise<void>;
  private resolveDone!: () => void;
  private stopping = false;
  private finishing = false;
  private timer: SimulatedTimer | undefined;
  private row: BorrowedRow | undefined;
  /** When the request in flight was sent, on the lane's clock. */
  private sentAtMs: number | undefined;

  constructor(
    private readonly host: UserHost,
    private readonly type: string,
    /** The number of its part of the load. */
    private readonly part: number,
    readonly item: number,
    private readonly source?: IterationSource,
    private given?: Iteration,
  ) {
    this.done = new Promise((resolve) => (this.resolveDone = resolve));
    this.turn();
  }

  get isEnding(): boolean {
    return this.stopping || this.finishing;
  }

  give(iteration: Iteration): void {
    this.given = iteration;
    // As in a session, the iteration begins after the code that gives it.
    void Promise.resolve().then(() => this.turn());
  }

  finish(): void {
    this.finishing = true;
    if (!this.isBusy && this.given === undefined) this.stop();
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
    if (this.source && !this.takeIteration(this.source)) return;
    const { process, random } = this.host;
    this.sentAtMs = process.nowMs;
    this.host.send();
    this.row = this.host.borrow();
    this.timer = process.after(random.between(REQUEST_MS.from, REQUEST_MS.to), () => this.answered());
  }

  private answered(): void {
    const { process, random } = this.host;
    this.row?.use();
    this.receive(random.chance(0.05) ? 'failed' : 'passed');
    this.isBusy = false;
    this.source?.ended(this);
    if (this.stopping || this.finishing) return this.end();
    if (this.source?.waits === false) return this.turn();
    this.timer = process.after(random.between(WAIT_MS.from, WAIT_MS.to), () => this.turn());
  }

  /** @returns whether it has an iteration now; otherwise it waits for one */
  private takeIteration(source: IterationSource): boolean {
    const iteration = this.given ?? source.next(this);
    if (iteration === undefined) return false;
    this.given = undefined;
    this.isBusy = true;
    this.host.began(this.part, iteration);
    const { nowMs } = this.host.process;
    source.began(iteration.dueAtMs === undefined ? 0 : nowMs - iteration.dueAtMs, nowMs);
    return true;
  }

  private receive(outcome: Outcome): void {
    this.host.record(this.type, outcome, this.host.process.nowMs - this.sentAtMs!);
    this.sentAtMs = undefined;
    this.row?.giveBack();
    this.row = undefined;
  }

  private end(): void {
    this.timer?.cancel();
    this.resolveDone();
  }
}
