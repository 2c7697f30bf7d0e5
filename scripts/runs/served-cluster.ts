import { connect, type MasterClient } from '@drumline/client';
import type { RunResult } from '@drumline/wire';
import { CliProcess } from '../soak/processes.js';
import type { Planned } from './local-cluster.js';

/** A run that was submitted. */
export interface SubmittedRun {
  readonly runId: string;
  /** Resolves with the result, also of a run that failed. */
  readonly result: Promise<RunResult>;
}

/** `drumline serve` and its workers, each in a process of its own. */
export class ServedCluster {
  readonly workers: CliProcess[] = [];

  private constructor(
    readonly master: CliProcess,
    readonly client: MasterClient,
    readonly address: string,
  ) {}

  /** @param dataDir directory for the queue and the results */
  static async open(dataDir: string, ...options: string[]): Promise<ServedCluster> {
    const ports = ['--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0'];
    const master = new CliProcess('serve', '--data-dir', dataDir, ...ports, ...options);
    const address = await master.prints(/(tcp:\/\/127\.0\.0\.1:\d+)/);
    const url = await master.prints(/(http:\/\/127\.0\.0\.1:\d+)/);
    return new ServedCluster(master, connect({ url }), address);
  }

  /** Starts a worker. @param options of `drumline worker` */
  join(name: string, ...options: string[]): CliProcess {
    const worker = new CliProcess('worker', '--master', this.address, '--name', name, ...options);
    this.workers.push(worker);
    return worker;
  }

  /** Resolves when this many workers are connected. */
  async haveJoined(count: number): Promise<void> {
    while ((await this.client.health()).workers < count)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** @param workers number that the run takes; all by default */
  async submit({ scenario, bundle, plan }: Planned, workers?: number): Promise<SubmittedRun> {
    const code = Buffer.from(bundle.code);
    const file = { id: bundle.id, size: code.byteLength };
    const read = (offset: number, length: number): Uint8Array => code.subarray(offset, offset + length);
    await this.client.upload([{ ...file, read }]);
    const { runId } = await this.client.submit({
      scenario,
      bundle: file,
      plan: { ...plan, tables: [] },
      warnings: [],
      options: {},
      ...(workers !== undefined && { workers }),
    });
    return { runId, result: this.resultOf(runId) };
  }

  /** Ends the cluster. Resolves when all processes have ended. */
  async close(): Promise<void> {
    this.master.child.kill('SIGTERM');
    for (const one of [this.master, ...this.workers]) {
      const timer = setTimeout(() => one.child.kill('SIGKILL'), 15_000);
      await one.ended();
      clearTimeout(timer);
    }
  }

  private async resultOf(runId: string): Promise<RunResult> {
    const run = this.client.run(runId);
    for await (const event of run.events({ reconnect: true })) if (event.type === 'end') break;
    return await run.result();
  }
}
