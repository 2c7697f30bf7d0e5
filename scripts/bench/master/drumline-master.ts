import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { VERSION, type RunResult, type StatusView } from '@drumline/wire';
import { launch, temporaryFolder, type Launched } from '../harness/launch.js';
import { processTree } from '../harness/process-tree.js';
import type { MasterProfile } from './master-profile.js';
import type { ApiFigures, MasterKind, RunningMaster } from './running-master.js';
import { DRUMLINE_USERS } from './workers/drumline-worker.js';
import type { WorkerLoad } from './workers/load.js';

const BIN = fileURLToPath(new URL('../../../../packages/drumline/bin/drumline.js', import.meta.url));
const SCENARIO = fileURLToPath(new URL('../../../bench/scenarios/simplest.ts', import.meta.url));
/** Each of the two answers is asked for this often. */
const ASK_EVERY_MS = 500;
/** Processes by a part of their command line. */
const ROLES = [
  ['link/process/main.js', 'link process'],
  ['host-main.js', 'scenario host'],
] as const;

export interface DrumlineSettings {
  readonly stores: boolean;
  /** Start with the first worker. */
  readonly joinsRunning: boolean;
  readonly profile: MasterProfile | undefined;
  /** Value of `--quantiles-every`. */
  readonly quantilesEvery: string;
}

export function drumlineKind(settings: DrumlineSettings): MasterKind {
  const { stores, joinsRunning, profile, quantilesEvery } = settings;
  return {
    name: 'Drumline',
    protocol: 'drumline',
    version: VERSION,
    reportEverySeconds: 1,
    acknowledges: true,
    start: async ({ workers }: WorkerLoad) => {
      const cwd = temporaryFolder();
      const resultFile = join(cwd, 'result.json');
      const expected = joinsRunning ? 1 : workers;
      const users = workers * DRUMLINE_USERS;
      const plan = [
        '--target',
        'http://127.0.0.1:9',
        '--users',
        `${users}`,
        '--keep-going',
        '--quantiles-every',
        quantilesEvery,
      ];
      const ports = [
        '--bind',
        'tcp://127.0.0.1:0',
        '--api',
        '127.0.0.1:0',
        '--expect-workers',
        `${expected}`,
      ];
      const outputs = ['--json', resultFile, '--no-html', stores ? '--store' : '--no-store'];
      const node = [process.execPath, ...(profile?.nodeOptions ?? [])];
      const master = launch([...node, BIN, 'master', SCENARIO, ...plan, ...ports, ...outputs], { cwd });
      const address = await printed(master, /join at (tcp:\S+)/);
      const api = await printed(master, /API at (http:\S+)/);
      return new DrumlineMaster(master, address, api, resultFile, profile);
    },
  };
}

class DrumlineMaster implements RunningMaster {
  constructor(
    private readonly master: Launched,
    readonly address: string,
    readonly apiUrl: string,
    private readonly resultFile: string,
    private readonly profile: MasterProfile | undefined,
  ) {}

  get pid(): number {
    return this.master.pid;
  }

  private get run(): string {
    return `${this.apiUrl}/v1/runs/current`;
  }

  roles(): ReadonlyMap<number, string> {
    const children = processTree(this.pid).slice(1);
    return new Map(children.map(({ pid }) => [pid, roleOf(pid) ?? `process ${pid}`]));
  }

  watchApi(): () => Promise<ApiFigures> {
    const figures = { statusMs: [] as number[], statsMs: [] as number[], missing: 0 };
    let isOver = false;
    const repeat = async (ask: () => Promise<void>): Promise<void> => {
      while (!isOver) await Promise.all([ask(), pause(ASK_EVERY_MS)]);
    };
    const asking = Promise.all([
      repeat(async () => {
        const text = await this.ask('status', figures.statusMs);
        figures.missing = Math.max(figures.missing, (JSON.parse(text) as StatusView).workers.missing);
      }),
      repeat(async () => void (await this.ask('stats', figures.statsMs))),
    ]);
    return async () => {
      isOver = true;
      await asking;
      return figures;
    };
  }

  async measureBegins(): Promise<void> {
    await this.profile?.begin(this.roles());
  }

  async measureEnds(): Promise<void> {
    await this.profile?.end();
  }

  async end(): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.run}/stop`, { method: 'POST', headers, body: '{}' });
    if (!response.ok)
      throw new Error(`the master does not stop: ${response.status} ${await response.text()}`);
    await this.master.exited;
    return (JSON.parse(readFileSync(this.resultFile, 'utf8')) as RunResult).totals.requests;
  }

  storedBytes(): number | undefined {
    const runs = join(dirname(this.resultFile), '.drumline', 'runs');
    if (!existsSync(runs)) return undefined;
    return readdirSync(runs).reduce((sum, name) => sum + statSync(join(runs, name)).size, 0);
  }

  async kill(): Promise<void> {
    await this.master.kill();
  }

  private async ask(path: string, timesMs: number[]): Promise<string> {
    const askedMs = performance.now();
    const response = await fetch(`${this.run}/${path}`);
    const text = await response.text();
    timesMs.push(performance.now() - askedMs);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  }
}

function roleOf(pid: number): string | undefined {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return ROLES.find(([part]) => command.includes(part))?.[1];
}

async function printed(master: Launched, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = pattern.exec(master.output)?.[1];
    if (found !== undefined) return found;
    if (master.ended) throw new Error(`Drumline ended by itself:\n${master.output}`);
    await pause(20);
  }
}
