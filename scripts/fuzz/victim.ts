import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { RunResult, StatusView } from '@drumline/wire';
import type { MasterKey } from '@drumline/wire/security';
import { launch, temporaryFolder, type Launched } from '../bench/harness/launch.js';
import { startTarget, type Target } from '../demo/target.js';
import type { Look, WatchOrder } from './watcher.js';

const BIN = fileURLToPath(new URL('../../../packages/drumline/bin/drumline.js', import.meta.url));
const SCENARIO = fileURLToPath(new URL('../../bench/scenarios/simplest.ts', import.meta.url));
const USERS = 10;
/** Number of characters of their output that are shown if they end too early. */
const MOST_SAID = 6_000;

/** The target of the attack: a real master with a real worker that loads a real target. */
export class Victim {
  /** Rejects with their output if the master or the worker ends unexpectedly. */
  readonly endedEarly: Promise<never>;
  private isStopped = false;

  private constructor(
    private readonly target: Target,
    private readonly master: Launched,
    private readonly worker: Launched,
    readonly address: string,
    private readonly api: string,
    private readonly headers: Record<string, string>,
    private readonly resultFile: string,
  ) {
    this.endedEarly = Promise.race([master.exited, worker.exited]).then(() => {
      if (this.isStopped) return new Promise<never>(() => {});
      throw this.earlyEnd();
    });
    this.endedEarly.catch(() => {});
  }

  /** Resolves when the load runs. */
  static async start(key: MasterKey | null): Promise<Victim> {
    const target = await startTarget();
    const cwd = temporaryFolder();
    const resultFile = join(cwd, 'result.json');
    const master = launch(
      [process.execPath, BIN, 'master', SCENARIO, '-H', target.url, '-u', `${USERS}`, '-t', '2h'].concat(
        ['--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0', '--json', resultFile],
        ['--no-html', '--no-store', '--stop-timeout', '5s'],
      ),
      { cwd, env: key ? { DRUMLINE_KEY: key.text } : {} },
    );
    const address = await printed(master, /join at (tcp:\S+)/);
    const api = await printed(master, /API at (http:\S+)/);
    const worker = launch(
      [process.execPath, BIN, 'worker', '--master', address, '--name', 'honest', '--lanes', '1'],
      { cwd, env: key ? { DRUMLINE_TOKEN: key.workerToken.text } : {} },
    );
    const headers: Record<string, string> = key ? { authorization: `Bearer ${key.apiToken.text}` } : {};
    const victim = new Victim(target, master, worker, address, api, headers, resultFile);
    while ((await victim.status()).users < USERS) await pause(100);
    return victim;
  }

  async status(): Promise<StatusView> {
    if (this.master.ended || this.worker.ended) throw this.earlyEnd();
    return (await (
      await fetch(`${this.api}/v1/runs/current/status`, { headers: this.headers })
    ).json()) as StatusView;
  }

  private earlyEnd(): Error {
    const said = [this.master, this.worker].map(({ output }) => output.slice(-MOST_SAID));
    return new Error(`it ended unexpectedly:\n${said.join('\n')}`);
  }

  /** Watches the master from a separate thread until it is stopped. */
  watch(onLook: (look: Look) => void): { stop(): Promise<unknown> } {
    const { api, headers } = this;
    const order: WatchOrder = { url: `${api}/v1/runs/current/status`, headers, pid: this.master.pid };
    const thread = new Worker(new URL('watcher.js', import.meta.url), { workerData: order });
    thread.on('message', onLook);
    thread.on('error', () => {});
    return { stop: () => thread.terminate() };
  }

  async stop(): Promise<{ result: RunResult; requestsSeen: number; linesSaid: number }> {
    this.isStopped = true;
    await fetch(`${this.api}/v1/runs/current/stop`, { method: 'POST', headers: this.headers });
    await Promise.all([this.master.exited, this.worker.exited]);
    const result = JSON.parse(readFileSync(this.resultFile, 'utf8')) as RunResult;
    const requestsSeen = this.target.count;
    await this.target.close();
    return { result, requestsSeen, linesSaid: this.master.lines };
  }
}

async function printed(process: Launched, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(process.output)?.[1];
    if (found !== undefined) return found;
    if (process.ended) throw new Error(`it ended unexpectedly:\n${process.output}`);
    await pause(20);
  }
}
