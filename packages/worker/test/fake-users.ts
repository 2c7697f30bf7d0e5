import type { ScheduleEvent } from '@drumline/stats';
import type { GivenMember, Iteration, IterationSource, PartHost } from '../src/lane/load/member.js';
import type { FakeTiming } from './fake-timing.js';

/** An iteration that a fake user has begun. */
export interface Begun {
  readonly number: number;
  readonly item: number;
  readonly atMs: number;
  readonly lateMs: number;
}

/** A user whose iterations take a given time. */
export class FakeUser implements GivenMember {
  readonly done: Promise<void>;
  retired = false;
  isReady = false;
  isBusy = false;
  isGone = false;
  wasCut = false;
  iterations = 0;
  private stopping = false;
  private finishing = false;
  private resolveDone!: () => void;

  constructor(
    private readonly world: FakeUsers,
    readonly item: number,
    readonly type: number,
    private readonly source: IterationSource | undefined,
    first: Iteration | undefined,
  ) {
    this.done = new Promise((resolve) => (this.resolveDone = resolve));
    if (first) this.begin(first);
    if (world.startMs === 0) this.ready();
    else world.timing.after(world.startMs, () => this.ready());
  }

  get isEnding(): boolean {
    return this.stopping || this.finishing;
  }

  give(iteration: Iteration): void {
    if (!this.isReady || this.isBusy || this.isGone) throw new Error('given to a user that is not idle');
    this.begin(iteration);
  }

  stop(): void {
    this.stopping = true;
    if (!this.isBusy) this.end();
  }

  finish(): void {
    this.finishing = true;
    if (this.isReady && !this.isBusy) this.end();
  }

  cut(): void {
    this.wasCut = true;
    this.end();
  }

  kill(): void {
    this.cut();
  }

  /** Ends at its own request. */
  retire(): void {
    this.retired = true;
    this.end();
  }

  private ready(): void {
    if (this.isGone) return;
    this.isReady = true;
    if (this.isBusy) this.world.timing.after(this.world.durationOf(this.item), () => this.iterated());
    else this.ask();
  }

  private ask(): void {
    if (this.isEnding) return this.end();
    const iteration = this.source?.next(this);
    if (iteration) this.begin(iteration);
  }

  private begin({ number, dueAtMs }: Iteration): void {
    this.isBusy = true;
    const atMs = this.world.timing.now();
    const lateMs = atMs - (dueAtMs ?? atMs);
    this.source!.began(lateMs, atMs);
    this.world.begun.push({ number, item: this.item, atMs, lateMs });
    if (this.isReady) this.world.timing.after(this.world.durationOf(this.item), () => this.iterated());
  }

  private iterated(): void {
    if (this.isGone) return;
    this.isBusy = false;
    this.iterations += 1;
    this.source!.ended(this);
    this.ask();
  }

  private end(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.resolveDone();
  }
}

/** Makes fake users and keeps what they did. */
export class FakeUsers implements PartHost {
  readonly begun: Begun[] = [];
  readonly counts = { started: 0, late: 0, dropped: 0, skipped: 0 };
  readonly users: FakeUser[] = [];
  /** Duration of `onStart`, and of an iteration. */
  startMs = 0;
  iterationMs = 5;
  /** Users that take another time for an iteration, by number. */
  readonly slow = new Map<number, number>();
  /** The most users at a time. */
  peak = 0;

  constructor(readonly timing: FakeTiming) {}

  spawn(item: number, type: number, source?: IterationSource, first?: Iteration): FakeUser {
    const user = new FakeUser(this, item, type, source, first);
    this.users.push(user);
    this.peak = Math.max(this.peak, this.alive.length);
    return user;
  }

  count(event: ScheduleEvent, _type: number, times = 1): void {
    if (event === 'startedLate') this.counts.late += times;
    this.counts[event === 'startedLate' ? 'started' : event] += times;
  }

  durationOf(item: number): number {
    return this.slow.get(item) ?? this.iterationMs;
  }

  get alive(): FakeUser[] {
    return this.users.filter(({ isGone }) => !isGone);
  }

  /** Numbers of the iterations that have begun, ascending. */
  get numbers(): number[] {
    return this.begun.map(({ number }) => number).sort((a, b) => a - b);
  }
}
