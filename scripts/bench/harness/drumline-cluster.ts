import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunResult, StatsView, StatusView } from '@drumline/wire';
import { launch, temporaryFolder, type Launched } from './launch.js';
import { pinned } from './machine.js';
import { processTree } from './process-tree.js';

const BIN = fileURLToPath(new URL('../../../../packages/drumline/bin/drumline.js', import.meta.url));
const SCENARIOS = fileURLToPath(new URL('../../../bench/scenarios/', import.meta.url));

export interface ClusterOptions {
  /** A file of `scripts/bench/scenarios`, without its extension. */
  readonly scenario: string;
  readonly url: string;
  readonly users: number;
  /** Default 1. */
  readonly lanes?: number;
  /** Cores of the worker. The master shares those of the target. */
  readonly cores: string | undefined;
  readonly masterCores: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/** A real master and a real worker, started from the command line. */
export class DrumlineCluster {
  private constructor(
    private readonly master: Launched,
    private readonly worker: Launched,
    private readonly api: string,
    private readonly resultFile: string,
  ) {}

  /** Resolves when all users run. */
  static async start(options: ClusterOptions): Promise<DrumlineCluster> {
    const { scenario, url, users, lanes = 1, cores, masterCores, env = {} } = options;
    const cwd = temporaryFolder();
    const resultFile = join(cwd, 'result.json');
    const drumline = (on: string | undefined, ...args: string[]): Launched =>
      launch(pinned(on, [process.execPath, BIN, ...args]), { cwd, env });
    const plan = [
      join(SCENARIOS, `${scenario}.ts`),
      '--target',
      url.replace(/\/$/, ''),
      '--users',
      `${users}`,
    ];
    const places = ['--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0'];
    const outputs = ['--json', resultFile, '--no-html', '--stop-timeout', '5s'];
    const master = drumline(masterCores, 'master', ...plan, ...places, ...outputs);
    const address = await printed(master, /join at (tcp:\S+)/);
    const api = await printed(master, /API at (http:\S+)/);
    const worker = drumline(cores, 'worker', '--master', address, '--lanes', `${lanes}`);
    const cluster = new DrumlineCluster(master, worker, api, resultFile);
    while ((await cluster.status()).users < users) {
      cluster.assertAlive();
      await pause(100);
    }
    return cluster;
  }

  get workerPid(): number {
    return this.worker.pid;
  }

  /** Process ids of the lanes: the worker's children. */
  get lanePids(): number[] {
    const { pid } = this.worker;
    return processTree(pid).flatMap((member) => (member.parent === pid ? [member.pid] : []));
  }

  assertAlive(): void {
    for (const { ended, output } of [this.master, this.worker])
      if (ended) throw new Error(`Drumline ended unexpectedly:\n${output}`);
  }

  status(): Promise<StatusView> {
    return this.get('status');
  }

  stats(): Promise<StatsView> {
    return this.get('stats');
  }

  /** `users` with a number, `reset`, `stop`. */
  async order(path: string, body: object = {}): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${this.api}/v1/runs/current/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  /**
   * Stops the run.
   * @returns its result
   */
  async stop(): Promise<RunResult> {
    await this.order('stop');
    await Promise.all([this.master.exited, this.worker.exited]);
    return JSON.parse(readFileSync(this.resultFile, 'utf8')) as RunResult;
  }

  /** Ends all its processes at once. */
  async kill(): Promise<void> {
    await Promise.all([this.worker.kill(), this.master.kill()]);
  }

  private async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.api}/v1/runs/current/${path}`)).json()) as T;
  }
}

async function printed(process: Launched, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(process.output)?.[1];
    if (found !== undefined) return found;
    if (process.ended) throw new Error(`Drumline ended unexpectedly:\n${process.output}`);
    await pause(20);
  }
}
