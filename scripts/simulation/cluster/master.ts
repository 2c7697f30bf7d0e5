import { createHash } from 'node:crypto';
import { DrumlineError, type Plan } from '@drumline/model';
import { Control, Run } from '@drumline/master/testing';
import type { MasterOptions } from '@drumline/master';
import type { RunResult } from '@drumline/wire';
import { SimulatedProcess, type MachineClock } from '../world/process.js';
import type { World } from '../world/world.js';
import type { SimulatedNetwork } from './network.js';

const CODE = 'export default "a scenario of which lanes know the plan";';
const BUNDLE = { id: createHash('sha256').update(CODE).digest('hex'), code: CODE };

/** How many workers a simulated master waits for, and how long. */
interface MasterSettings {
  readonly expectWorkers: number;
  readonly expectWorkersMaxWaitMs: number;
}

/** What is around a master. */
export interface MasterSurroundings {
  readonly world: World;
  readonly network: SimulatedNetwork;
  readonly clock: MachineClock;
  readonly settings: MasterSettings;
  readonly plan: Plan;
  readonly say: (line: string) => void;
}

/** One process of the master: the run, without its ports, its files and its scenario host. */
export class SimulatedMaster {
  readonly process: SimulatedProcess;
  /** What came of the run, once it is over: a result, or the name of its exit code. */
  result: RunResult | undefined;
  failure: string | undefined;
  run: Run | undefined;
  private control: Control | undefined;

  constructor({ world, network, clock, settings, plan, say }: MasterSurroundings) {
    this.process = new SimulatedProcess(world, 'master', clock);
    network.master = this.process;
    this.process.run(() => {
      const host = { runHook: () => Promise.resolve(undefined) };
      const run = new Run(optionsOf(settings), network.hub.bind(), host, say);
      this.run = run;
      this.control = new Control(run);
      void run.finished
        .then(
          (result) => (this.result = result),
          (error: unknown) => (this.failure = error instanceof DrumlineError ? error.exit : String(error)),
        )
        .then(() => this.close());
      run.open(BUNDLE, plan);
    });
  }

  /** Says something to the run; what it refuses, it refuses. */
  order(order: (control: Control) => void): void {
    this.process.run(() => {
      try {
        order(this.control!);
      } catch (error) {
        if (!(error instanceof DrumlineError)) throw error;
      }
    });
  }

  private async close(): Promise<void> {
    this.run!.close();
    await this.run!.cluster.close('the run is over');
    this.process.kill();
  }
}

function optionsOf(settings: MasterSettings): MasterOptions {
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
