import type { Plan, PlanOverrides } from '@drumline/model';
import { Cluster, Run, type WorkersWanted } from '@drumline/master/testing';
import { bundleScenario, ScenarioHost, stopBundler, type ScenarioBundle } from '@drumline/scenario/project';
import { bindMasterLink, type RunResult } from '@drumline/wire';
import { CliProcess } from '../soak/processes.js';

const TERMS = { heartbeatMs: 500, missingAfterMs: 5_000, keepsExcluded: true };

/** A scenario that has been bundled and planned. */
export interface Planned {
  readonly scenario: string;
  readonly bundle: ScenarioBundle;
  readonly plan: Plan;
}

/** @param scenario path of its file */
export async function planScenario(scenario: string, overrides: PlanOverrides): Promise<Planned> {
  const host = new ScenarioHost(() => {});
  try {
    const { bundle, plan } = await host.readPlan(await bundleScenario(scenario), scenario, overrides);
    return { scenario, bundle, plan };
  } finally {
    host.close();
    await stopBundler();
  }
}

/** A run on a cluster, from the time at which it asked for workers. */
export interface LocalRun {
  readonly run: Run;
  /** When it asked for workers, on the clock of `performance.now()`. */
  readonly askedAtMs: number;
  /** Its result, once its workers have been returned. */
  readonly finished: Promise<RunResult>;
}

/** A cluster in this process with workers in processes of their own, for many runs. */
export class LocalCluster {
  readonly workers: CliProcess[] = [];

  private constructor(
    readonly cluster: Cluster,
    /** Log lines of the cluster and its runs. */
    readonly log: string[],
  ) {}

  static async open(): Promise<LocalCluster> {
    const link = await bindMasterLink('tcp://127.0.0.1:0');
    const log: string[] = [];
    return new LocalCluster(new Cluster(link, TERMS, (line) => log.push(line)), log);
  }

  /** Starts a worker. @param options of `drumline worker` */
  join(name: string, ...options: string[]): CliProcess {
    const { address } = this.cluster;
    const worker = new CliProcess('worker', '--master', address, '--name', name, ...options);
    this.workers.push(worker);
    return worker;
  }

  /**
   * Resolves when this many workers are idle, no process of an earlier run is left, and their lanes
   * have booted.
   */
  async haveIdle(count: number): Promise<void> {
    while (this.cluster.registry.present.filter(isWarm).length < count)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Begins a run as soon as its workers are free. */
  begin({ scenario, bundle, plan }: Planned, workers: WorkersWanted = 'all'): LocalRun {
    const host = { runHook: () => Promise.resolve(undefined), askShape: () => Promise.resolve(undefined) };
    const options = {
      ...TERMS,
      scenario,
      overrides: {},
      workers,
      expectWorkers: 'present',
      expectWorkersMaxWaitMs: null,
      autostart: true,
    } as const;
    const askedAtMs = performance.now();
    const run = new Run(options, this.cluster, host, (line) => this.log.push(line));
    run.open(bundle, plan);
    const finished = run.outcome.finished.finally(() => run.release());
    return { run, askedAtMs, finished };
  }

  /** Dismisses the workers. Resolves when they have ended. */
  async close(): Promise<void> {
    await this.cluster.close('the cluster is closed');
    for (const worker of this.workers) {
      const timer = setTimeout(() => worker.child.kill('SIGKILL'), 15_000);
      await worker.ended();
      clearTimeout(timer);
    }
  }
}

function isWarm({ turn, health, isEnding }: Cluster['registry']['members'][number]): boolean {
  // A lane that has not booted has no vitals.
  return turn.runId === '' && !isEnding && health?.lanes.every(({ memoryBytes }) => memoryBytes > 0) === true;
}
