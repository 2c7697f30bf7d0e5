import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DrumlineError } from '@drumline/model';
import type { LocalWorkerOrder } from './local-worker.js';
import type { Screen } from './screen.js';

const ENTRY = fileURLToPath(new URL('local-worker.js', import.meta.url));
const END_WITHIN_MS = 2_000;

/** The workers that `drumline run` starts, each a process as on another machine. */
export interface LocalWorkers {
  /** Sends the master's address to the workers. */
  join(master: string): void;
  /** Rejects if all workers exit before `end()` is called. */
  readonly allLost: Promise<never>;
  /** Ends the remaining workers. */
  end(): Promise<void>;
}

/** Starts the workers. They and their lanes load their modules while the master loads its own. */
export function startLocalWorkers(
  count: number,
  order: Omit<LocalWorkerOrder, 'name'>,
  screen: Screen,
  env: NodeJS.ProcessEnv = process.env,
): LocalWorkers {
  const children = Array.from({ length: count }, (_, index) =>
    startChild({ ...order, name: nameOf(index) }, env),
  );
  let ending = false;
  let alive = count;
  const allLost = new Promise<never>((_, reject) => {
    children.forEach((child, index) => {
      const name = nameOf(index);
      forwardLines(child.stdout!, (line) => screen.print(line));
      forwardLines(child.stderr!, (line) => screen.warn(line));
      child.on('exit', (code, signal) => {
        alive -= 1;
        if (ending || code === 0) return;
        screen.warn(`${name} ended: ${signal === null ? `exit code ${code}` : `killed by ${signal}`}`);
        if (alive > 0) return;
        const lost = count === 1 ? 'the worker of this run ended' : `all ${count} workers of this run ended`;
        reject(
          new DrumlineError(
            'worker-lost',
            lost,
            count === 1 ? 'Its last output is above.' : 'Their last output is above.',
          ),
        );
      });
    });
  });
  allLost.catch(() => {});
  return {
    allLost,
    join: (master) => {
      // The exit of a child that can no longer receive it is reported above.
      for (const child of children) if (child.connected) child.send(master, () => {});
    },
    end: async () => {
      ending = true;
      await Promise.all(children.map(endChild));
    },
  };
}

function nameOf(index: number): string {
  return `worker-${index + 1}`;
}

/**
 * Starts a worker in a separate process group. Ctrl-C in the terminal then reaches only the
 * master, which drains the workers.
 */
function startChild(order: LocalWorkerOrder, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(ENTRY, [JSON.stringify(order)], {
    detached: true,
    env,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
}

function forwardLines(stream: Readable, print: (line: string) => void): void {
  createInterface({ input: stream }).on('line', print);
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    await ended;
    clearTimeout(kill);
  }
  killGroup(child);
}

/** Kills processes that a worker left behind, such as a lane that was still starting. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined || process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Usually no process is left.
  }
}
