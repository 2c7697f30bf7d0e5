// Cost of the run store: latency of a commit, disk space for a second of run, and delay of the
// master's event loop. Four workers report every second; a second lasts a fifth of one here.
// npm run bench:store
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunStore, readRun, type RunStore } from '@drumline/master/store';
import type { IntervalDelta } from '@drumline/stats';
import { reportOf } from './reports.js';
import { storedBenchRun } from './stored-run.js';
import { describeMachine, quantile } from './support.js';

const WORKERS = 4;
const SECONDS = 50;
const SECOND_MS = 200;
/** Requests per second and series over all workers: 40,000 a second with a thousand series. */
const REQUESTS = 40;

const RUN = storedBenchRun();

interface Measured {
  readonly commitsMs: number[];
  readonly callsMs: number[];
  readonly lagsMs: number[];
  readonly cpuMs: number;
  readonly bytes: number;
  readonly readMs: number;
}

console.log(`${describeMachine()}; ${WORKERS} workers, ${SECONDS} seconds of run`);
console.log(
  '| series | commit p50 / p99 | call p50 / p99 | lag p99 / longest | lag without | CPU a second | file a second | read again |',
);
console.log('|---:|---:|---:|---:|---:|---:|---:|---:|');
for (const series of [10, 100, 1_000]) {
  const withoutMs = (await measureLag(() => sleep(2_000))).lagsMs;
  const { commitsMs, callsMs, lagsMs, cpuMs, bytes, readMs } = await measure(series);
  const cells = [
    String(series),
    `${ms(commitsMs, 0.5)} / ${ms(commitsMs, 0.99)}`,
    `${ms(callsMs, 0.5)} / ${ms(callsMs, 0.99)}`,
    `${ms(lagsMs, 0.99)} / ${ms(lagsMs, 1)}`,
    `${ms(withoutMs, 0.99)} / ${ms(withoutMs, 1)}`,
    `${(cpuMs / SECONDS).toFixed(1)} ms`,
    `${(bytes / SECONDS / 1_000).toFixed(1)} kB`,
    `${readMs.toFixed(0)} ms`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

async function measure(series: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
  try {
    const store = await createRunStore(directory, RUN);
    const commitsMs: number[] = [];
    const callsMs: number[] = [];
    const reports = Array.from({ length: WORKERS }, () => reportOf(series, REQUESTS / WORKERS));
    const cpuBefore = process.cpuUsage();
    const { lagsMs } = await measureLag(async () => {
      for (let second = 0; second < SECONDS; second++) {
        const next = sleep(SECOND_MS);
        await Promise.all(reports.map((delta) => commit(store, { second, ...delta }, callsMs, commitsMs)));
        await next;
      }
    });
    const { user, system } = process.cpuUsage(cpuBefore);
    await store.close();
    const readAt = performance.now();
    const read = [...readRun(store.path).deltas].length;
    if (read !== SECONDS) throw new Error(`${read} of ${SECONDS} seconds are in the file`);
    return {
      commitsMs,
      callsMs,
      lagsMs,
      cpuMs: (user + system) / 1_000,
      bytes: statSync(store.path).size,
      readMs: performance.now() - readAt,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function commit(
  store: RunStore,
  delta: IntervalDelta,
  callsMs: number[],
  commitsMs: number[],
): Promise<void> {
  const atMs = performance.now();
  const done = store.commit({ deltas: [delta] });
  callsMs.push(performance.now() - atMs);
  await done;
  commitsMs.push(performance.now() - atMs);
}

/** Measures how late a timer of 5 ms fires during the work. */
async function measureLag(work: () => Promise<void>): Promise<{ lagsMs: number[] }> {
  const lagsMs: number[] = [];
  let dueMs = performance.now() + 5;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lagsMs.push(Math.max(0, nowMs - dueMs));
    dueMs = nowMs + 5;
  }, 5);
  await work();
  clearInterval(timer);
  return { lagsMs };
}

function ms(values: readonly number[], part: number): string {
  return `${quantile(values, part).toFixed(1)} ms`;
}
