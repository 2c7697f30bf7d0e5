import { DrumlineError } from '@drumline/model';
import { claimEpoch, Cluster, isStarted, Run, RunControl } from '@drumline/master/testing';
import type { MasterOptions } from '@drumline/master';
import type { MasterLink } from '@drumline/wire';
import { SimulatedProcess, type MachineClock } from '../world/process.js';
import type { World } from '../world/world.js';
import type { SimulatedDisk } from './disk.js';
import type { SimulatedNetwork } from './network.js';
import { bundleOf, type PlayedRun } from './played-run.js';

/** The surroundings of a master. */
export interface MasterSurroundings {
  readonly world: World;
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
  readonly clock: MachineClock;
  readonly settings: Pick<MasterOptions, 'expectWorkersMaxWaitMs' | 'onWorkerLost'>;
  /** Its runs, one after the other over one cluster. */
  readonly runs: readonly PlayedRun[];
  readonly log: (line: string) => void;
  /** A run has been reported, and this one is next. */
  readonly awaits: (next: PlayedRun) => void;
}

type Found = ReturnType<SimulatedDisk['open']>;

/**
 * A master without ports and scenario host. Its processes run one after the other and share a disk.
 */
export class SimulatedMaster {
  process!: SimulatedProcess;
  /** The run that it executes, or executed last. */
  current: PlayedRun | undefined;
  /** Number of process starts. */
  starts = 0;
  private control: RunControl | undefined;
  private link: MasterLink | undefined;

  constructor(private readonly around: MasterSurroundings) {
    this.start();
  }

  get runs(): readonly PlayedRun[] {
    return this.around.runs;
  }

  /** Whether all runs have been reported and the process has ended. */
  get isOver(): boolean {
    return this.next === undefined && !this.process.alive;
  }

  /** Simulates SIGKILL. The system closes the port. */
  kill(): void {
    this.process.kill();
    void this.link?.close();
  }

  /** Restarts the master, as a supervisor or `--resume` does. */
  startAgain(): void {
    if (this.next && !this.process.alive) this.start();
  }

  /** Sends an order to the present run. The run may reject it. */
  order(order: (control: RunControl) => void): void {
    this.process.run(() => {
      try {
        if (this.control) order(this.control);
      } catch (error) {
        if (!(error instanceof DrumlineError)) throw error;
      }
    });
  }

  /** The run that must be executed, or resumed, next. */
  private get next(): PlayedRun | undefined {
    return this.runs.find(({ isOver }) => !isOver);
  }

  private start(): void {
    const { world, network, clock } = this.around;
    const process = new SimulatedProcess(world, 'master', clock);
    this.process = process;
    network.master = process;
    process.run(() => void this.open(process));
  }

  private async open(process: SimulatedProcess): Promise<void> {
    const { network, log } = this.around;
    let played = this.next!;
    let taken = await resumable(played, this.around.disk.open(process));
    this.link = network.hub.bind();
    const cluster = new Cluster(this.link, this.optionsOf(played), log);
    this.starts += 1;
    for (;;) {
      const run = this.begin(played, taken, cluster, process);
      await this.reported(played, run);
      const { next } = this;
      if (!next) return await close(run, process);
      run.release();
      await run.writer.close();
      this.around.awaits(next);
      await new Promise((resolve) => setTimeout(resolve, next.pauseMs));
      played = next;
      taken = undefined;
    }
  }

  private begin(played: PlayedRun, taken: Found, cluster: Cluster, process: SimulatedProcess): Run {
    const { world, disk, log } = this.around;
    const host = { runHook: () => Promise.resolve(undefined), askShape: () => Promise.resolve(undefined) };
    const run = new Run(this.optionsOf(played), cluster, host, log, taken?.state.run.runId);
    played.run = run;
    played.beganAtMs = Math.min(played.beganAtMs, world.nowMs);
    played.ids.add(run.id);
    this.current = played;
    this.control = new RunControl(run);
    if (taken && isStarted(taken.state)) run.resume(taken.state, taken.store);
    else {
      run.open(bundleOf(run.id), played.plan);
      run.keepIn((stored) => Promise.resolve(disk.create(stored, process)));
    }
    return run;
  }

  private async reported(played: PlayedRun, run: Run): Promise<void> {
    try {
      played.result = await run.outcome.finished;
    } catch (error) {
      played.failure = error instanceof DrumlineError ? error.exit : String(error);
    }
  }

  private optionsOf({ expectWorkers }: PlayedRun): MasterOptions {
    return {
      ...this.around.settings,
      expectWorkers,
      scenario: 'simulated.ts',
      overrides: {},
      bind: 'memory://hub',
      api: null,
      autostart: true,
      heartbeatMs: 1_000,
      missingAfterMs: 3_000,
      dataDir: null,
      // The measured load of this process would make the outcome random.
      quantilesEverySeconds: 1,
    };
  }
}

/** Ends the master after its last run. */
async function close(run: Run, process: SimulatedProcess): Promise<void> {
  run.close();
  await run.cluster.close('the run is over');
  run.release();
  await run.writer.close();
  process.kill();
}

/** The run, if it is the one on the disk and has started. */
async function resumable({ ids }: PlayedRun, found: Found): Promise<Found> {
  if (!found || !ids.has(found.state.run.runId) || !isStarted(found.state)) return undefined;
  return await claimEpoch(found);
}
