import { DrumlineError } from '@drumline/model';
import { claimEpoch, Cluster, isStarted, Run, RunControl } from '@drumline/master/testing';
import type { MasterOptions } from '@drumline/master';
import type { MasterLink } from '@drumline/wire';
import { SimulatedProcess, type MachineClock } from '../world/process.js';
import type { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import type { SimulatedDisk } from './disk.js';
import type { SimulatedNetwork } from './network.js';
import { SimulatedOutput } from './output.js';
import { bundleOf, type PlayedRun } from './played-run.js';
import type { RunSequence } from './run-sequence.js';

/** The surroundings of a master. */
export interface MasterSurroundings {
  readonly world: World;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
  readonly clock: MachineClock;
  readonly settings: Pick<MasterOptions, 'expectWorkersMaxWaitMs' | 'onWorkerLost'>;
  /** Its runs over one cluster: sequences side by side. */
  readonly sequences: readonly RunSequence[];
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
  /** The cluster of the present process. */
  cluster: Cluster | undefined;
  /** Number of process starts. */
  starts = 0;
  private link: MasterLink | undefined;

  constructor(private readonly around: MasterSurroundings) {
    this.start();
  }

  get sequences(): readonly RunSequence[] {
    return this.around.sequences;
  }

  get runs(): readonly PlayedRun[] {
    return this.sequences.flatMap(({ runs }) => runs);
  }

  /** The present run of each sequence. */
  get current(): readonly PlayedRun[] {
    return this.sequences.flatMap(({ current }) => current ?? []);
  }

  /** Whether all runs have been reported and the process has ended. */
  get isOver(): boolean {
    return this.isDone && !this.process.alive;
  }

  /** Simulates SIGKILL. The system closes the port. */
  kill(): void {
    this.process.kill();
    void this.link?.close();
  }

  /** Restarts the master, as a supervisor or `--resume` does. */
  startAgain(): void {
    if (!this.isDone && !this.process.alive) this.start();
  }

  /** Sends an order to the present run of a sequence. The run may reject it. */
  order(sequence: number, order: (control: RunControl) => void): void {
    this.process.run(() => this.sequences[sequence]?.order(order));
  }

  private get isDone(): boolean {
    return this.sequences.every(({ next }) => next === undefined);
  }

  private start(): void {
    const { world, network, clock } = this.around;
    const process = new SimulatedProcess(world, 'master', clock);
    for (const sequence of this.sequences) sequence.control = undefined;
    this.process = process;
    network.master = process;
    process.run(() => void this.open(process));
  }

  private async open(process: SimulatedProcess): Promise<void> {
    const { network, disk, log } = this.around;
    const open = this.sequences.filter(({ next }) => next !== undefined);
    const found = await Promise.all(open.map(({ next }) => resumable(next!, disk, process)));
    this.link = network.hub.bind();
    const [first] = this.runs;
    const cluster = new Cluster(
      this.link,
      { ...this.optionsOf(first!), keepsExcluded: open.length > 1 },
      log,
    );
    this.cluster = cluster;
    this.starts += 1;
    // Runs that are resumed come first, and all before the first message is read.
    const order = [...open.keys()].sort(
      (a, b) => Number(found[b] !== undefined) - Number(found[a] !== undefined),
    );
    for (const index of order) {
      const sequence = open[index]!;
      const played = sequence.next!;
      const run = this.begin(sequence, played, found[index], cluster, process);
      void this.play(sequence, played, run, cluster, process);
    }
  }

  /** Executes a sequence from this run on. */
  private async play(
    sequence: RunSequence,
    played: PlayedRun,
    run: Run,
    cluster: Cluster,
    process: SimulatedProcess,
  ): Promise<void> {
    await this.reported(played, run);
    const { next } = sequence;
    if (this.isDone) return await close(run, process);
    run.release();
    await run.outputs.close(run.outcome.result, true);
    await run.writer.close();
    if (!next) return;
    this.around.awaits(next);
    await new Promise((resolve) => setTimeout(resolve, next.pauseMs));
    const following = this.begin(sequence, next, undefined, cluster, process);
    await this.play(sequence, next, following, cluster, process);
  }

  private begin(
    sequence: RunSequence,
    played: PlayedRun,
    taken: Found,
    cluster: Cluster,
    process: SimulatedProcess,
  ): Run {
    const { world, disk, log } = this.around;
    const host = { runHook: () => Promise.resolve(undefined), askShape: () => Promise.resolve(undefined) };
    const run = new Run(this.optionsOf(played), cluster, host, log, taken?.state.run.runId);
    played.run = run;
    played.beganAtMs = Math.min(played.beganAtMs, world.nowMs);
    played.ids.add(run.id);
    sequence.current = played;
    sequence.control = new RunControl(run);
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

  private optionsOf({ expectWorkers, workers, ledger }: PlayedRun): MasterOptions {
    return {
      outputs: new SimulatedOutput(ledger, this.around.random),
      ...this.around.settings,
      workers,
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
  await run.outputs.close(run.outcome.result, true);
  await run.writer.close();
  process.kill();
}

/** What the disk has of the run, if it has started. */
async function resumable({ ids }: PlayedRun, disk: SimulatedDisk, process: SimulatedProcess): Promise<Found> {
  const found = [...ids].map((id) => disk.open(id, process)).find((one) => one && isStarted(one.state));
  return found && (await claimEpoch(found));
}
