import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** An environment variable of every process of a test, inherited by all its descendants. */
export const MARK = 'TEST_MARK';

/** Process ids of the children of a process; for a worker, those of its lanes. */
export function childrenOf(pid: number): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
}

/** The processes of `drumline/embed` that a process has started. */
export function embeddedRunsOf(parent: number): number[] {
  return childrenOf(parent).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('embed/child/main.js');
    } catch {
      return false;
    }
  });
}

/** A process and its children. */
export function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid)];
}

/** Signals each of these processes that still exists. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

/** Whether a process runs. One that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    // There is no `/proc`, or the process has just ended.
    return !existsSync('/proc/self/status');
  }
}

/** Command lines of processes with the mark. Always empty without `/proc`. */
export function processesMarked(mark: string): string[] {
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${MARK}=${mark}\0`)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      return [`${pid} ${command}`];
    } catch {
      // It has ended or is not readable.
      return [];
    }
  });
}

/** Whether a process listens. @param address `tcp://HOST:PORT` or `http://HOST:PORT` */
export function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address.replace(/^tcp:/, 'http:'));
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}

/**
 * A local port that was free a moment ago, for programs that need their address before they start.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A process and all its descendants. */
export function descendantsOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(descendantsOf)];
}
