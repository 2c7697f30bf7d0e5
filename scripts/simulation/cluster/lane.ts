import { userIndexOf, type LoadPart, type Outcome, type SeriesKey } from '@drumline/model';
import { Recorder } from '@drumline/stats';
import {
  LaneLoad,
  LaneShared,
  LeasedRows,
  Lease,
  monotonicMs,
  type Iteration,
  type LaneNews,
  type LaneOrder,
  type PartHost,
  type Timing,
} from '@drumline/worker/testing';
import type { SimulatedProcess } from '../world/process.js';
import type { Random } from '../world/random.js';
import { openTimes, TABLES } from './tables.js';
import type { BorrowedRow, Started } from './target.js';
import { SimulatedUser, type UserHost } from './user.js';

const FLUSH_EVERY_MS = 250;
const IDLE = { cpu: 0, busy: 0, memoryBytes: 0, loopDelayMs: 0, longDelaysMs: [] };
const PHASE_MS = 120;

/** What the target sees of the rows of a lane. */
export interface LaneTarget {
  take(row: number): void;
  borrow(row: number, hasIt: () => boolean): BorrowedRow;
}

type LoadOrder = Extract<LaneOrder, { type: 'load' }>;

/**
 * The code inside a lane process. Uses the real `LaneLoad` and `Recorder`; users and requests are
 * simulated.
 */
export class SimulatedLane implements UserHost {
  /** Its users. Undefined before it has any. */
  share: { readonly epoch: number; readonly users: readonly number[] } = { epoch: 0, users: [] };
  /** Requests that have reached the target but have not been handed over to the worker. */
  unreported = 0;
  private readonly timing: Timing;
  private lease: Lease | undefined;
  private readonly shared = new LaneShared((batch) => this.emit({ type: 'shared', ...batch }));
  private rows: LeasedRows | undefined;
  private load: LaneLoad | undefined;
  private readonly members = new Map<SimulatedUser, number>();
  // Before the start, everything belongs to the first second.
  private readonly recorder = new Recorder(Number.MAX_SAFE_INTEGER / 2);
  private plan: LoadOrder['plan'] | undefined;
  private started = false;

  constructor(
    readonly process: SimulatedProcess,
    readonly random: Random,
    private readonly emit: (news: LaneNews) => void,
    private readonly onRequest: () => void,
    private readonly onStart: (start: Started) => void,
    private readonly target: LaneTarget,
  ) {
    this.timing = {
      now: () => process.nowMs,
      after: (delayMs, action) => {
        const timer = process.after(delayMs, action);
        return () => timer.cancel();
      },
    };
    process.after(random.between(50, 400), () => this.boot());
  }

  /** Indexes of the running users that have not been asked to stop. */
  get users(): number[] {
    return [...this.members].flatMap(([user, index]) => (user.wanted ? [index] : []));
  }

  async obey(order: LaneOrder): Promise<void> {
    if ('leaseUntilMs' in order) this.lease?.renew(order.leaseUntilMs);
    switch (order.type) {
      case 'load':
        this.open(order);
        return void this.process.after(this.random.between(20, 200), () => this.emit({ type: 'loaded' }));
      case 'phase':
        this.send();
        return void this.process.after(PHASE_MS, () => this.endPhase(order.phase));
      case 'assign':
        return this.assign(order);
      case 'start':
        this.started = true;
        return this.setClock(order.startAtMs);
      case 'clock':
        return this.setClock(order.startAtMs);
      case 'sharedReply':
        return this.shared.answer(order.seq, order.answers);
      case 'sharedWake':
        return this.shared.wake(order.keys);
      case 'hold':
        return this.hold();
      case 'drain':
        await this.load!.drain(order.stopTimeoutMs);
        await this.rows!.close();
        this.flush();
        return this.emit({ type: 'drained' });
      case 'exit':
        return this.process.kill();
    }
  }

  /** Simulates user code that ends the lane: everything is cut off and handed over. */
  lastWords(): void {
    for (const user of this.members.keys()) user.cut();
    this.flush();
    const { positions = [] } = this.load ?? {};
    this.emit({ type: 'dying', reason: 'the scenario threw', positions });
  }

  /** Simulates user code that stops the run. */
  stopRun(): void {
    this.emit({ type: 'stopRun', user: 'buyer', task: 'pay', reason: 'the stock is empty' });
  }

  passGate(): Promise<void> | undefined {
    return this.load!.passGate();
  }

  began(part: number, { number, dueAtMs }: Iteration): void {
    const lateMs = dueAtMs === undefined ? 0 : monotonicMs() - dueAtMs;
    this.onStart({ part, number, lateMs });
  }

  send(): void {
    this.unreported += 1;
    this.onRequest();
    this.take();
  }

  borrow(): BorrowedRow {
    const pool = this.rows!.poolOf(1, TABLES[1]);
    const row = pool.take();
    if (row === undefined) {
      const stopWaiting = pool.wait({
        take: (later) => pool.giveBack(later),
        none: () => {},
        lacks: () => {},
      });
      return { use: () => {}, giveBack: stopWaiting };
    }
    // A frozen process does nothing with the row.
    const hasIt = (): boolean => this.process.alive && (!this.process.frozen || pool.mayUse(row));
    const lent = this.target.borrow(row, hasIt);
    return {
      use: () => {
        if (pool.mayUse(row)) lent.use();
      },
      giveBack: () => {
        lent.giveBack();
        pool.giveBack(row);
      },
    };
  }

  /** Takes a row for good with each request, if there is one. */
  private take(): void {
    const pool = this.rows!.poolOf(0, TABLES[0]);
    const row = pool.take();
    if (row !== undefined) return this.target.take(row);
    pool.wait({ take: (later) => this.target.take(later), none: () => {}, lacks: () => {} });
  }

  record(type: string, outcome: Outcome, durationMs: number): void {
    this.recorder.record({
      series: seriesOf(type),
      outcome,
      failure: outcome === 'failed' ? 'status 503' : undefined,
      status: outcome === 'failed' ? 503 : 200,
      endedAtMs: monotonicMs(),
      durationUs: durationMs * 1_000,
      bytesSent: 100,
      bytesReceived: 1_000,
    });
  }

  private open({ plan }: LoadOrder): void {
    this.plan = plan;
    const { userTypes, stopTimeoutMs } = plan;
    const lease = new Lease(() => this.expired(), this.timing, stopTimeoutMs);
    this.lease = lease;
    this.rows = new LeasedRows(this.shared, this.timing, lease);
    this.load = new LaneLoad({
      userTypes,
      openTimes,
      stopTimeoutMs,
      timing: this.timing,
      isLeased: () => !lease.isExpired,
      host: (index, parts, part) => this.hostOf(index, parts, part),
      onDone: () => this.emit({ type: 'partDone', positions: this.load!.positions }),
    });
  }

  private hostOf(index: number, parts: number, part: LoadPart): PartHost {
    const nameOf = (type: number): string => this.plan!.userTypes[type]!.name;
    return {
      spawn: (item, type, source, first) => {
        const user = new SimulatedUser(this, nameOf(type), index, item, source, first);
        this.members.set(user, userIndexOf(index, item, parts));
        void user.done.then(() => this.members.delete(user));
        return user;
      },
      count: (event, type, times) =>
        this.recorder.schedule(event, nameOf(type), part.phase, monotonicMs(), times),
    };
  }

  private expired(): void {
    this.emit({ type: 'held' });
    this.hold();
  }

  private hold(): void {
    this.lease?.end();
    void this.load?.hold(this.lease?.leftToStopMs);
    this.rows?.hold();
  }

  private boot(): void {
    const { process } = this;
    process.every(FLUSH_EVERY_MS, () => {
      const { size: users = 0, positions = [] } = this.load ?? {};
      this.emit({ type: 'vitals', users, positions, ...IDLE });
      this.flush();
    });
    this.emit({ type: 'booted' });
  }

  private assign(order: Extract<LaneOrder, { type: 'assign' }>): void {
    const { epoch, shares } = order;
    const users = shares.flatMap(({ grant, items }) => (grant === undefined ? items : []));
    this.share = { epoch, users };
    const releases = this.load!.assign(order);
    if (releases.length > 0) this.emit({ type: 'released', epoch, releases });
  }

  private setClock(startAtMs: number): void {
    if (!this.started) return;
    this.recorder.setOrigin(startAtMs);
    this.load!.startAt(startAtMs);
  }

  private endPhase(phase: 'setup' | 'teardown'): void {
    this.record(`(${phase})`, 'passed', PHASE_MS);
    this.flush();
    this.emit({ type: 'phaseDone', phase, result: phase });
  }

  private flush(): void {
    const deltas = this.recorder.close(monotonicMs());
    if (deltas.length === 0) return;
    for (const { series } of deltas) for (const { requests } of series) this.unreported -= requests;
    this.emit({ type: 'deltas', deltas });
  }
}

const seriesByType = new Map<string, SeriesKey>();

function seriesOf(type: string): SeriesKey {
  let series = seriesByType.get(type);
  if (!series) {
    series = { protocol: 'http', method: 'GET', name: `/${type}`, user: type, tags: [] };
    seriesByType.set(type, series);
  }
  return series;
}
