// A thread that polls the master ten times a second for its response time and the memory of its
// processes.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** Input of the thread. */
export interface WatchOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
}

/** Each message from the thread. */
export interface Look {
  readonly answerMs: number;
  readonly memoryBytes: number;
}

const { url, headers, pid } = workerData as WatchOrder;
for (;;) {
  const askedMs = performance.now();
  // A closed connection counts as an answer. If the master is gone, the reading below fails.
  await fetch(url, { headers })
    .then((response) => response.text())
    .catch(() => {});
  const look: Look = {
    answerMs: performance.now() - askedMs,
    memoryBytes: memoryOf([pid, ...childrenOf(pid)]),
  };
  parentPort!.postMessage(look);
  await pause(100);
}

/** The children of a master: its link process and its scenario host. */
function childrenOf(process: number): number[] {
  return readFileSync(`/proc/${process}/task/${process}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** Resident memory from Linux; undefined for a child that has just ended. */
function memoryOf([process, ...children]: readonly number[]): number {
  return residentBytes(process!) + children.reduce((sum, child) => sum + residentBytesIfThere(child), 0);
}

function residentBytesIfThere(process: number): number {
  try {
    return residentBytes(process);
  } catch {
    return 0;
  }
}

function residentBytes(process: number): number {
  const status = readFileSync(`/proc/${process}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1_024;
}
