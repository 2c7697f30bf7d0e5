import { readdirSync, readFileSync } from 'node:fs';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../demo/target.js';
import type { Planned } from '../runs/local-cluster.js';
import type { ServedCluster } from '../runs/served-cluster.js';
import { childrenOf, type CliProcess } from './processes.js';

/** A run beside the target's own count of its requests. */
export interface CountedRun {
  readonly result: RunResult;
  readonly seen: number;
}

/** What a process has. */
export interface ProcessSize {
  readonly rssBytes: number;
  /** Open files, sockets and pipes. */
  readonly handles: number;
  readonly children: number;
}

/** Executes a run against a target that only it loads. @param plan makes the plan for a target */
export async function executeCounted(
  cluster: ServedCluster,
  plan: (target: string) => Planned,
  workers?: number,
  during: (runId: string) => Promise<void> = () => Promise.resolve(),
): Promise<CountedRun> {
  const target = await startTarget();
  try {
    const { runId, result } = await cluster.submit(plan(target.url), workers);
    await during(runId);
    const ended = await result;
    // Users that ran on would be counted.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { result: ended, seen: target.count };
  } finally {
    await target.close();
  }
}

/** Whether the report has every request of the target, or states what is missing. */
export function isExact({ result, seen }: CountedRun): boolean {
  const stated = (result.losses ?? []).reduce((sum, { uncountedAtMost = 0 }) => sum + uncountedAtMost, 0);
  const missing = seen - result.totals.requests;
  return missing >= 0 && missing <= stated && seen > 0;
}

/** The size of each process of a cluster, by its role. */
export function sizesOf({ master, workers }: ServedCluster): Map<string, ProcessSize> {
  const named = workers
    .filter(({ child }) => child.exitCode === null && child.signalCode === null)
    .map((worker, index): [string, CliProcess] => [`worker ${index + 1}`, worker]);
  return new Map([['master', master] as const, ...named].map(([role, { pid }]) => [role, sizeOf(pid)]));
}

function sizeOf(pid: number): ProcessSize {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    rssBytes: Number(kb) * 1_024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    children: childrenOf(pid).length,
  };
}
