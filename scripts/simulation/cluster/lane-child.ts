import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { LaneNews, LaneOrder } from '@drumline/worker/testing';
import { SimulatedProcess } from '../world/process.js';
import type { MachineClock } from '../world/process.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { SimulatedLane } from './lane.js';
import type { Started, Target } from './target.js';
import { runIdIn } from './played-run.js';

/** Delay between a control process and its lanes, milliseconds. */
const IPC_MS = 0.2;

/** The worker of a lane. */
export interface LaneHome {
  readonly world: World;
  readonly random: Random;
  readonly clock: MachineClock;
  readonly name: string;
  /** The control process of the worker. */
  readonly control: SimulatedProcess;
  /** Whether scenarios cannot be loaded now. */
  failsLoads(): boolean;
  /** A request of this lane has reached the target. */
  onRequest(runId: string): void;
  /** An iteration of an open or fixed part has begun. */
  onStart(runId: string, start: Started): void;
  readonly target: Pick<Target, 'take' | 'borrow'>;
}

/** A lane as its control process sees it: the parts of a child process that it uses. */
export class LaneChild extends EventEmitter {
  readonly stdout = silentStream();
  readonly stderr = silentStream();
  readonly lane: SimulatedLane;
  /** The number of uncounted requests when it was killed. */
  lost = 0;
  /** The run whose scenario it loaded last. */
  runId = '';
  /** All runs whose scenario it has loaded. More than one is a defect. */
  readonly runIds = new Set<string>();
  private readonly process: SimulatedProcess;

  constructor(private readonly home: LaneHome) {
    super();
    const { world, random, clock, name } = home;
    this.process = new SimulatedProcess(world, name, clock);
    this.lane = new SimulatedLane(
      this.process,
      random,
      (news) => this.hear(news),
      () => home.onRequest(this.runId),
      (start) => home.onStart(this.runId, start),
      {
        take: (row) => home.target.take(this.runId, row),
        borrow: (row, hasIt) => home.target.borrow(this.runId, row, hasIt),
      },
    );
    this.process.onExit = () => this.exited(0, null);
  }

  get alive(): boolean {
    return this.process.alive;
  }

  get connected(): boolean {
    return this.process.alive;
  }

  send(order: LaneOrder): boolean {
    if (order.type === 'load' && this.home.failsLoads()) {
      this.hear({ type: 'loaded', problem: 'a package is missing' });
      return true;
    }
    if (order.type === 'load') this.load(runIdIn(order.bundle));
    else if (order.type === 'phase' && this.runId === '') throw new Error('a lane without a scenario');
    this.process.receive(IPC_MS, () => void this.lane.obey(order));
    return true;
  }

  /** SIGKILL is the only signal with an effect here. */
  kill(signal: NodeJS.Signals): boolean {
    if (signal === 'SIGKILL') this.end(null, signal);
    return true;
  }

  /** Simulates user code that ends the lane. Its counts are handed over first. */
  crash(): void {
    this.process.run(() => {
      this.lane.lastWords();
      this.end(70, null);
    });
  }

  /** Simulates user code that stops the run. */
  stopRun(): void {
    this.process.run(() => this.lane.stopRun());
  }

  freeze(): void {
    this.process.freeze();
  }

  thaw(): void {
    this.process.thaw();
  }

  private load(runId: string): void {
    this.runId = runId;
    this.runIds.add(runId);
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    this.process.onExit = () => this.exited(code, signal);
    this.process.kill();
  }

  private hear(news: LaneNews): void {
    this.home.control.receive(IPC_MS, () => this.emit('message', news));
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.lost = this.lane.unreported;
    this.home.control.receive(IPC_MS * 2, () => this.emit('close', code, signal));
  }
}

function silentStream(): NonNullable<ChildProcess['stdout']> {
  const stream = new EventEmitter() as unknown as NonNullable<ChildProcess['stdout']>;
  stream.setEncoding = () => stream;
  return stream;
}
