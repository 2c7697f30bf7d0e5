import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult, RunView } from '@drumline/wire';
import { connect, type MasterClient } from '@drumline/client';
import { Drumline, eventually, scenarioPath, startWorker, type Ended } from './drumline.js';

const ENDED: readonly string[] = ['finished', 'aborted', 'failed'];

/** A `drumline serve` process with its directory, its workers and the commands that use it. */
export class Service implements AsyncDisposable {
  readonly processes: Drumline[] = [];
  private constructor(
    public master: Drumline,
    readonly directory: string,
    readonly address: string,
    readonly client: MasterClient,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(args: readonly string[] = [], own: NodeJS.ProcessEnv = {}): Promise<Service> {
    const directory = await mkdtemp(join(tmpdir(), 'drumline-service-'));
    const env = { DRUMLINE_DATA_DIR: join(directory, 'data'), ...own };
    const master = new Drumline(
      ['serve', '--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0', ...args],
      env,
    );
    try {
      const [, address] = await master.prints(/join at (tcp:\S+)/);
      const [, url] = await master.prints(/API at (http:\S+)/);
      return new Service(master, directory, address!, connect({ url: url! }), env);
    } catch (error) {
      await master[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** The log of a run on the disk; empty if there is none. */
  async storedLog(runId: string): Promise<string> {
    return await readFile(join(this.dataDir, 'logs', `${runId}.ndjson`), 'utf8').catch(() => '');
  }

  get dataDir(): string {
    return join(this.directory, 'data');
  }

  addWorker(name: string, args: readonly string[] = []): Drumline {
    const worker = startWorker(this.address, name, args, { env: this.env });
    this.processes.push(worker);
    return worker;
  }

  /** Starts workers, and waits until they have joined. */
  async addWorkers(...names: readonly string[]): Promise<void> {
    for (const name of names) this.addWorker(name);
    const expected = (await this.client.health()).workers + names.length;
    await eventually(async () => (await this.client.health()).workers >= expected || undefined);
  }

  /** Starts `drumline submit`. */
  submit(scenario: string, target: { readonly url: string }, args: readonly string[] = []): Drumline {
    const path = scenario.includes('/') ? scenario : scenarioPath(scenario);
    return this.command('submit', path, '-H', target.url, ...args);
  }

  /** Submits a run. @returns its id */
  async submitted(
    scenario: string,
    target: { readonly url: string },
    args: readonly string[] = [],
  ): Promise<string> {
    const { code, output } = await this.submit(scenario, target, args).ended;
    const id = /^[0-9a-f-]{36}$/m.exec(output)?.[0];
    if (code !== 0 || id === undefined) throw new Error(`submit ended with ${code}:\n${output}`);
    return id;
  }

  /** Starts a command that calls the control API. */
  command(...args: readonly string[]): Drumline {
    const process = new Drumline([...args, '--api', this.client.url], this.env);
    this.processes.push(process);
    return process;
  }

  async ran(...args: readonly string[]): Promise<Ended> {
    return await this.command(...args).ended;
  }

  /** Waits until a run has ended. */
  async ended(runId: string): Promise<RunView> {
    return await this.until(runId, ({ state }) => ENDED.includes(state));
  }

  async result(runId: string): Promise<RunResult> {
    await this.ended(runId);
    return await this.client.run(runId).result();
  }

  async until(runId: string, condition: (view: RunView) => boolean): Promise<RunView> {
    let last: RunView | undefined;
    return await eventually(
      async () => {
        // A restarting master does not answer at first.
        last = await this.client
          .run(runId)
          .view()
          .catch(() => undefined);
        return last && condition(last) ? last : undefined;
      },
      60_000,
      () => `${JSON.stringify(last)}\n${this.master.output}`,
    );
  }

  async kill(): Promise<void> {
    this.master.signal('SIGKILL');
    await this.master.ended;
  }

  /** Starts the service again, in the same directory. */
  async startAgain(): Promise<void> {
    this.processes.push(this.master);
    this.master = new Drumline(this.master.args, this.env);
    await this.master.prints(/API at /);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of [...this.processes, this.master]) await process[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }
}
