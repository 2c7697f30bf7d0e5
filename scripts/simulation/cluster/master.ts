import { createHash } from 'node:crypto';
import { DrumlineError, type Plan } from '@drumline/model';
import { claimEpoch, Cluster, isStarted, Run, RunControl } from '@drumline/master/testing';
import type { MasterOptions } from '@drumline/master';
import type { MasterLink, RunResult } from '@drumline/wire';
import { SimulatedProcess, type MachineClock } from '../world/process.js';
import type { World } from '../world/world.js';
import type { SimulatedDisk } from './disk.js';
import type { SimulatedNetwork } from './network.js';

const CODE = 'export default "a scenario whose plan is known to the lanes";';
const BUNDLE = { id: createHash('sha256').update(CODE).digest('hex'), code: CODE };

/** The surroundings of a master. */
export interface MasterSurroundings {
  readonly world: World;
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
  readonly clock: MachineClock;
  /** The number of workers to wait for, and the maximum wait. */
  readonly settings: Pick<MasterOptions, 'expectWorkers' | 'expectWorkersMaxWaitMs' | 'onWorkerLost'>;
  readonly plan: Plan;
  readonly log: (line: string) => void;
}

/**
 * A master without ports and scenario host. Its processes run one after the other and share a disk.
 */
export class SimulatedMaster {
  process!: SimulatedProcess;
  /** How the run ended: a result, or the name of its exit code. */
  result: RunResult | undefined;
  failure: string | undefined;
  run: Run | undefined;
  /** IDs of the runs it began. More than one if it died before a start. */
  readonly runIds = new Set<string>();
  /** Number of process starts. */
  starts = 0;
  private control: RunControl | undefined;
  private link: MasterLink | undefined;

  constructor(private readonly around: MasterSurroundings) {
    this.start();
  }

  /** Whether the run has been reported and the process has ended. */
  get isOver(): boolean {
    return this.isReported && !this.process.alive;
  }

  /** Simulates SIGKILL. The system closes the port. */
  kill(): void {
    this.process.kill();
    void this.link?.close();
  }

  /** Restarts the master, as a supervisor or `--resume` does. */
  startAgain(): void {
    if (!this.isReported && !this.process.alive) this.start();
  }

  /** Sends an order to the run. The run may reject it. */
  order(order: (control: RunControl) => void): void {
    this.process.run(() => {
      try {
        if (this.control) order(this.control);
      } catch (error) {
        if (!(error instanceof DrumlineError)) throw error;
      }
    });
  }

  private get isReported(): boolean {
    return this.result !== undefined || this.failure !== undefined;
  }

  private start(): void {
    const { world, network, clock } = this.around;
    const process = new SimulatedProcess(world, 'master', clock);
    this.process = process;
    network.master = process;
    process.run(() => void this.open(process));
  }

  private async open(process: SimulatedProcess): Promise<void> {
    const { disk, network, plan, settings, log } = this.around;
    const found = disk.open(process);
    const taken = found && isStarted(found.state) ? await claimEpoch(found) : undefined;
    this.link = network.hub.bind();
    const host = { runHook: () => Promise.resolve(undefined) };
    const options = optionsOf(settings);
    const run = new Run(options, new Cluster(this.link, options, log), host, log, taken?.state.run.runId);
    this.run = run;
    this.starts += 1;
    this.runIds.add(run.id);
    this.control = new RunControl(run);
    void run.outcome.finished
      .then(
        (result) => (this.result = result),
        (error: unknown) => (this.failure = error instanceof DrumlineError ? error.exit : String(error)),
      )
      .then(() => this.close(run, process));
    if (taken && isStarted(taken.state)) return run.resume(taken.state, taken.store);
    run.open(BUNDLE, plan);
    run.keepIn((stored) => Promise.resolve(disk.create(stored, process)));
  }

  private async close(run: Run, process: SimulatedProcess): Promise<void> {
    run.close();
    await run.cluster.close('the run is over');
    run.release();
    await run.writer.close();
    process.kill();
  }
}

function optionsOf(settings: MasterSurroundings['settings']): MasterOptions {
  return {
    ...settings,
    scenario: 'simulated.ts',
    overrides: {},
    bind: 'memory://hub',
    api: null,
    autostart: true,
    heartbeatMs: 1_000,
    missingAfterMs: 3_000,
    dataDir: null,
  };
}
