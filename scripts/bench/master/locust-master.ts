import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { executable, firstLineOf, launch, onPath, type Launched } from '../harness/launch.js';
import type { MasterKind, RunningMaster } from './running-master.js';
import type { WorkerLoad } from './workers/load.js';
import { LOCUST_REPORT_SECONDS } from './workers/locust-reports.js';

const LOCUSTFILE = fileURLToPath(new URL('../../../bench/master/locustfile.py', import.meta.url));

/** How to get Locust where it is absent. */
export const LOCUST_HINT =
  'python3 -m venv /tmp/locust && /tmp/locust/bin/pip install locust, then --locust /tmp/locust/bin/locust';

/** @returns undefined if there is no Locust */
export function locustKind(path: string | undefined, joinsRunning: boolean): MasterKind | undefined {
  const program = path === undefined ? onPath('locust') : executable(path);
  if (program === undefined) return undefined;
  return {
    name: 'Locust',
    protocol: 'locust',
    version: /\d+\.\d+[\w.]*/.exec(firstLineOf([program, '--version']))?.[0] ?? '',
    reportEverySeconds: LOCUST_REPORT_SECONDS,
    acknowledges: false,
    start: async ({ workers }: WorkerLoad) => {
      const port = await freePort();
      const users = ['--users', `${workers}`, '--spawn-rate', `${workers}`];
      const places = ['--master-bind-host', '127.0.0.1', '--master-bind-port', `${port}`];
      const outputs = ['--only-summary', '--loglevel', 'WARNING'];
      const expected = ['--expect-workers', `${joinsRunning ? 1 : workers}`];
      const modes = ['--master', '--headless', '--locustfile', LOCUSTFILE];
      const master = launch([program, ...modes, ...users, ...places, ...expected, ...outputs]);
      await listening(master, port);
      return new LocustMaster(master, `tcp://127.0.0.1:${port}`);
    },
  };
}

class LocustMaster implements RunningMaster {
  constructor(
    private readonly master: Launched,
    readonly address: string,
  ) {}

  get pid(): number {
    return this.master.pid;
  }

  roles(): ReadonlyMap<number, string> {
    return new Map();
  }

  async end(): Promise<number> {
    process.kill(this.pid, 'SIGTERM');
    await this.master.exited;
    const counted = /counted (\d+) requests/.exec(this.master.output)?.[1];
    if (counted === undefined)
      throw new Error(`Locust has printed no count:\n${this.master.output.slice(0, 2_000)}`);
    return Number(counted);
  }

  async kill(): Promise<void> {
    await this.master.kill();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(master: Launched, port: number): Promise<void> {
  while (!(await accepts(port))) {
    if (master.ended) throw new Error(`Locust ended by itself:\n${master.output}`);
    await pause(50);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
