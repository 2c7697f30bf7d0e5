import type { FixedWorkload, LoadPart, Millis } from '@drumline/model';
import type { LanePosition, LaneRelease, LaneShare } from '../../lane-protocol.js';
import { Departures } from './departures.js';
import { FixedNumbers } from './fixed-numbers.js';
import type { ItemTypes } from './item-types.js';
import type { GivenMember, Iteration, IterationSource, Member } from './member.js';
import type { Part, PartSetup } from './part.js';

/** The most users started in one turn of the event loop, so that running users can continue. */
const MAX_STARTS = 200;
const MAX_STARTING_MS: Millis = 20;

/** Runs a fixed number of iterations. The users of the lane draw them, as fast as they can. */
export class FixedPart implements Part {
  private readonly numbers: FixedNumbers;
  private readonly running = new Map<number, GivenMember>();
  /** Users that ended at their own request. */
  private readonly retired = new Set<number>();
  private readonly departures: Departures;
  private part: LoadPart;
  private state: 'waiting' | 'running' | 'held' | 'over' = 'waiting';
  private active = 0;
  private wasDone = false;
  private cancelTimer: () => void = () => {};

  constructor(
    private readonly setup: PartSetup,
    private readonly types: ItemTypes,
  ) {
    this.part = setup.part;
    this.numbers = new FixedNumbers((item) => types.of(item));
    this.departures = new Departures(setup.timing);
  }

  get size(): number {
    return this.running.size;
  }

  get leaving(): number {
    return this.departures.size;
  }

  get position(): LanePosition {
    return { part: this.setup.index, position: this.numbers.position, active: this.active };
  }

  members(): Member[] {
    return [...this.running.values(), ...this.departures.members()];
  }

  assign(part: LoadPart, shares: readonly LaneShare[]): readonly LaneRelease[] {
    this.part = part;
    const releases = this.numbers.assign(
      this.workload,
      shares.map(({ grant = 0, items, from = 0, untilMs }) => ({
        grant,
        items,
        from,
        isReleased: untilMs !== undefined,
      })),
    );
    const own = new Set(this.numbers.items());
    for (const [item, user] of this.running) {
      if (own.has(item)) continue;
      this.dismiss(item, user);
      user.finish();
    }
    if (this.state !== 'over') this.state = 'running';
    this.wasDone = false;
    return releases.map((release) => ({ part: this.setup.index, ...release }));
  }

  follow(): void {
    this.cancelTimer();
    const { runMs, pausedAtMs } = this.setup.clock;
    const { startMs } = this.part;
    if (runMs === undefined || startMs === null) return;
    const partMs = runMs - startMs;
    const limitMs = this.workload.limitMs ?? Infinity;
    if (partMs >= limitMs) return this.end();
    if (this.state !== 'running' || pausedAtMs !== null) return;
    if (partMs < 0) return this.wakeIn(-partMs);
    if (!this.startUsers()) return this.wakeIn(0);
    this.checkDone();
    this.wakeIn(limitMs - partMs);
  }

  async hold(stopTimeoutMs: Millis): Promise<void> {
    this.cancelTimer();
    if (this.state === 'running') this.state = 'held';
    for (const [item, user] of this.running) {
      this.dismiss(item, user);
      user.stop();
    }
    await this.departures.settle(stopTimeoutMs);
  }

  close(): void {
    const { runMs } = this.setup.clock;
    if (runMs !== undefined && runMs >= (this.part.startMs ?? Infinity)) this.skipAll();
  }

  private get workload(): FixedWorkload {
    return this.part.workload as FixedWorkload;
  }

  private wakeIn(delayMs: Millis): void {
    if (delayMs !== Infinity) this.cancelTimer = this.setup.timing.after(delayMs, () => this.follow());
  }

  /** @returns whether all users run that have something to do */
  private startUsers(): boolean {
    const { timing } = this.setup;
    const beganMs = timing.now();
    const left = new Map<number, number>();
    let started = 0;
    for (const item of this.numbers.items().sort((a, b) => a - b)) {
      if (this.running.has(item) || this.retired.has(item) || !this.numbers.has(item)) continue;
      const type = this.types.of(item);
      const room = left.get(type) ?? this.numbers.left(type);
      left.set(type, room - 1);
      if (room <= 0) continue;
      if (started === MAX_STARTS || timing.now() - beganMs > MAX_STARTING_MS) return false;
      this.startUser(item, type);
      started += 1;
    }
    return true;
  }

  private startUser(item: number, type: number): void {
    const user = this.setup.host.spawn(item, type, this.sourceOf(item, type));
    this.running.set(item, user);
    void user.done.then(() => {
      if (user.isBusy) this.active -= 1;
      if (this.running.get(item) === user) this.running.delete(item);
      if (user.retired) this.retire(item);
      this.checkDone();
    });
  }

  private sourceOf(item: number, type: number): IterationSource {
    return {
      waits: true,
      next: (user): Iteration | undefined => {
        const number = this.state === 'running' ? this.numbers.draw(item) : undefined;
        if (number !== undefined) return { number, dueAtMs: undefined };
        user.stop();
        return undefined;
      },
      began: (_, atMs) => {
        this.active += 1;
        this.setup.host.count('started', type, 1, atMs);
      },
      ended: () => {
        this.active -= 1;
        this.checkDone();
      },
    };
  }

  private dismiss(item: number, user: GivenMember): void {
    this.running.delete(item);
    this.departures.add(user);
  }

  /** The time is over. Iterations that have begun may end. */
  private end(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.skipAll();
    for (const [item, user] of this.running) {
      this.dismiss(item, user);
      user.finish();
    }
    void this.departures.settle(this.setup.stopTimeoutMs);
  }

  /** The user does not come back. If nobody is left to run its iterations, they are given up. */
  private retire(item: number): void {
    this.retired.add(item);
    const type = this.types.of(item);
    const others = this.workload.each ? [] : this.numbers.items();
    if (!others.some((other) => this.types.of(other) === type && !this.retired.has(other))) this.skip(item);
  }

  private skipAll(): void {
    for (const item of this.numbers.items()) this.skip(item);
    this.checkDone();
  }

  /** Gives up what a user could draw. */
  private skip(item: number): void {
    const skipped = this.numbers.skip(item);
    if (skipped > 0) this.setup.host.count('skipped', this.types.of(item), skipped);
  }

  private checkDone(): void {
    if (this.wasDone || this.active > 0 || this.numbers.position < this.workload.total) return;
    this.wasDone = true;
    this.setup.onDone();
  }
}
