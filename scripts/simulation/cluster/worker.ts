import type { ChildProcess } from 'node:child_process';
import { DrumlineError } from '@drumline/model';
import type { MasterMessage, Prepare, ReportAck, WorkerLink, WorkerMessage } from '@drumline/wire';
import { startWorker, type WorkerHandle, type WorkerMachine } from '@drumline/worker/testing';
import { SimulatedProcess, type MachineClock } from '../world/process.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { LaneChild } from './lane-child.js';
import type { Cut, SimulatedNetwork } from './network.js';
import type { Started, Target } from './target.js';

/** Options of simulated workers. */
export interface WorkerSettings {
  readonly lanes: number;
  readonly orphanGraceMs: number;
  readonly reconnectForMs: number;
  readonly connectTimeoutMs: number;
}

/** The surroundings of a worker. */
export interface WorkerSurroundings {
  readonly world: World;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly target: Target;
  readonly log: (line: string) => void;
}

const IDLE = { cpu: 0, busy: 0, memoryBytes: 0, loopDelayMs: 0 };

/** One process of a worker with its lanes, from start to end. */
export class SimulatedWorker {
  readonly lanes: LaneChild[] = [];
  /** Identifies its connection to the master. */
  peer = '';
  /** The name of the exit code, once it has ended. */
  outcome: string | undefined;
  killed = false;
  /** Whether its lanes cannot load a scenario now. */
  failsLoads = false;
  /** Time from the master's last message to the end of this worker, in world time. */
  silentMs = 0;
  /** When it was ordered to end at once, in world time. */
  quitAtMs: number | undefined;
  /** Runs for which it has reported that all its counts are merged. */
  readonly drained = new Set<string>();
  /** Runs whose setup or teardown it has been asked for, and has not answered. */
  private readonly inPhase = new Set<string>();
  /** Number of lanes that were still alive when it ended. */
  leftLanes = 0;
  /** For each run, the sequence number of the last acknowledged report. */
  readonly acknowledged = new Map<string, number>();
  readonly control: SimulatedProcess;
  private handle: WorkerHandle | undefined;
  private heardAtMs = 0;

  constructor(
    readonly name: string,
    private readonly surroundings: WorkerSurroundings,
    private readonly clock: MachineClock,
    readonly settings: WorkerSettings,
    cut: Cut | undefined,
  ) {
    this.control = new SimulatedProcess(surroundings.world, name, clock);
    this.control.onExit = () => this.endLanes();
    this.control.run(() => {
      this.handle = startWorker(
        {
          master: 'memory://hub',
          name,
          ...settings,
          laneHeapMb: null,
          log: surroundings.log,
          print: () => {},
        },
        this.machine(cut),
      );
      void this.handle.finished.then(
        () => this.ended('left'),
        (error: unknown) => this.ended(error instanceof DrumlineError ? error.exit : String(error)),
      );
    });
  }

  get alive(): boolean {
    return this.control.alive;
  }

  /** Lanes with a running process. */
  get liveLanes(): LaneChild[] {
    return this.lanes.filter((lane) => lane.alive);
  }

  /** Uncounted requests of its killed lanes in a run. */
  lostIn(runId: string): number {
    return this.lanes.reduce((sum, lane) => sum + (lane.runId === runId ? lane.lost : 0), 0);
  }

  leave(): void {
    this.control.run(() => this.handle?.leave('told to'));
  }

  /** Simulates a second Ctrl-C: the worker must end at once. */
  quit(): void {
    this.quitAtMs ??= this.surroundings.world.nowMs;
    this.control.run(() => this.handle?.kill());
  }

  /** Simulates SIGSTOP of its control process, or of all processes on its machine. */
  freeze(whole: boolean): void {
    this.control.freeze();
    if (whole) for (const lane of this.lanes) lane.freeze();
  }

  thaw(): void {
    this.control.thaw();
    for (const lane of this.lanes) lane.thaw();
  }

  /** Simulates SIGKILL of its control process. Its lanes end with it. */
  kill(): void {
    this.killed = true;
    this.control.kill();
  }

  private ended(outcome: string): void {
    this.outcome = outcome;
    this.silentMs = this.surroundings.world.nowMs - this.heardAtMs;
    this.leftLanes = this.liveLanes.length;
    this.control.kill();
  }

  private endLanes(): void {
    for (const lane of this.lanes) lane.kill('SIGKILL');
  }

  private machine(cut: Cut | undefined): WorkerMachine {
    const { network } = this.surroundings;
    return {
      dial: (_, instance) => {
        this.peer = instance;
        network.connect(instance, this.control, cut);
        return this.watched(network.hub.dial(instance));
      },
      forkLane: () => this.forkLane() as unknown as ChildProcess,
      writeBundle: (code) => ({ path: code, remove: () => {} }),
      watchVitals: () => () => IDLE,
      readLimits: () => ({}),
      watchUse: () => () => ({}),
    };
  }

  private forkLane(): LaneChild {
    const { world, random, target } = this.surroundings;
    const { clock, control } = this;
    const name = `${this.name}/${this.lanes.length}`;
    const onRequest = (runId: string): void => target.receive(this.peer, runId);
    const onStart = (runId: string, start: Started): void => target.start(runId, start);
    const failsLoads = (): boolean => this.failsLoads;
    const lane = new LaneChild({
      world,
      random,
      clock,
      name,
      control,
      failsLoads,
      onRequest,
      onStart,
      target,
    });
    this.lanes.push(lane);
    return lane;
  }

  private hearAck({ runId, seq }: ReportAck): void {
    this.acknowledged.set(runId, Math.max(seq, this.acknowledged.get(runId) ?? 0));
  }

  /** The link, with a record of reports in transit. */
  private watched(link: WorkerLink): WorkerLink {
    return {
      get badFrames() {
        return link.badFrames;
      },
      listen: (onMessage) =>
        link.listen((message: MasterMessage) => {
          this.heardAtMs = this.surroundings.world.nowMs;
          if (message.type === 'reportAck') this.hearAck(message);
          // Requests of a teardown follow that.
          if (message.type === 'runPhase') {
            this.drained.delete(message.runId);
            this.inPhase.add(message.runId);
          }
          onMessage(message.type === 'prepare' ? withoutTables(message) : message);
        }),
      send: (message: WorkerMessage) => {
        if (message.type === 'phaseDone') this.inPhase.delete(message.runId);
        if (message.type === 'drained' && !this.inPhase.has(message.runId)) this.drained.add(message.runId);
        return link.send(message);
      },
      close: (lingerMs) => link.close(lingerMs),
    };
  }
}

/** There are no files to fetch. */
function withoutTables(message: Prepare): Prepare {
  const { tables: _, ...plan } = message.plan;
  return { ...message, plan };
}
