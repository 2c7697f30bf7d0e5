// A thread that looks at the master ten times a second: how long it takes to answer, and how much
// memory it and its children have.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is told. */
export interface WatchOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
}

/** What it says each time. */
export interface Look {
  readonly answerMs: number;
  readonly memoryBytes: number;
}

const { url, headers, pid } = workerData as WatchOrder;
for (;;) {
  const askedMs = performance.now();
  // A connection that was cut counts as an answer that took this long; a master that is gone ends the watch below.
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

/** Of a master: its link process and its scenario host. */
function childrenOf(process: number): number[] {
  return readFileSync(`/proc/${process}/task/${process}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** Resident memory, as Linux tells it; nothing of a child that has just ended. */
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
