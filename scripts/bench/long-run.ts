// Measures the file of a run of several hours: its size, the CPU that it costs to write, and how
// long it takes to read, as a resuming master, `runs` and `report` do. Then the master that has
// resumed it answers its control API.
// npm run bench:long-run -- [hours] [series] [requests per second and series]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pastResult } from '@drumline/master/report';
import { listRuns, openRunStore } from '@drumline/master/store';
import { Aggregate, storedCountsOf } from '@drumline/master/testing';
import { makeStoredRun, resumeStoredRun, storedRunPath } from './long-stored-run.js';
import { describeMachine, quantile } from './support.js';

/** Number of answers for each path of the API. */
const ANSWERS = 40;

const [first = '6', second = '100', third = '40'] = process.argv.slice(2);
if (first === 'measure') await measure(second, third);
else compare(Number(first), Number(second), Number(third));

function compare(hours: number, series: number, requests: number): void {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
  try {
    const path = makeStoredRun(directory, hours * 3_600, series, requests);
    const { user, system } = process.cpuUsage();
    const msASecond = (user + system) / 1_000 / (hours * 3_600);
    const megabytes = statSync(path).size / 1e6;
    console.log(`${describeMachine()}; ${hours} h of ${series} series with ${requests} requests/s each`);
    console.log(`file: ${Math.round(megabytes)} MB, ${Math.round(megabytes / hours)} MB/h`);
    console.log(`written with ${msASecond.toFixed(1)} ms of CPU for a second of run`);
    for (const what of ['resume', 'report', 'runs', 'api']) {
      const script = fileURLToPath(import.meta.url);
      const child = spawnSync(process.execPath, [script, 'measure', directory, what], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      console.log(child.stdout.trim());
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(directory: string, what: string): Promise<void> {
  if (what === 'api') return measureApi(directory);
  const startedMs = performance.now();
  if (what === 'resume') {
    const { state, store } = await openRunStore(storedRunPath(directory));
    new Aggregate().restore(storedCountsOf(state));
    await store.close();
  } else if (what === 'report') pastResult(storedRunPath(directory));
  else listRuns(directory);
  const ms = Math.round(performance.now() - startedMs);
  const { user, system } = process.cpuUsage();
  const cpuMs = Math.round((user + system) / 1_000);
  console.log(
    `${what}: ${ms} ms, ${cpuMs} ms of CPU, ${Math.round(process.resourceUsage().maxRSS / 1_000)} MB`,
  );
}

/** Answers of a master without workers that has resumed the run. */
async function measureApi(directory: string): Promise<void> {
  const master = await resumeStoredRun(directory);
  try {
    for (const path of [
      '/v1/runs/current/status',
      '/v1/runs/current/stats',
      '/v1/runs/current/timeline',
      '/v1/runs/current/timeline?points=600',
    ]) {
      const tookMs: number[] = [];
      for (let request = 0; request < ANSWERS; request += 1) {
        const askedMs = performance.now();
        const answer = await fetch(`${master.apiUrl}${path}`);
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
        tookMs.push(performance.now() - askedMs);
      }
      const [median, slowest] = [quantile(tookMs, 0.5), quantile(tookMs, 1)].map(Math.round);
      console.log(`GET ${path}: ${median} ms, ${slowest} ms at most`);
    }
  } finally {
    master.abort();
    await master.close();
  }
}
