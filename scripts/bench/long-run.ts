// Measures the file of a run of several hours: its size, the CPU that it costs to write, and how
// long it takes to read, as a resuming master, `runs` and `report` do. Then the master that has
// resumed it answers its control API.
// npm run bench:long-run -- [hours] [series] [requests per second and series]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRunToResume, startMaster } from '@drumline/master';
import { pastResult } from '@drumline/master/report';
import { listRuns, openRunStore } from '@drumline/master/store';
import { Aggregate, CHECKPOINT_TERMS, RunFile, storedCountsOf } from '@drumline/master/testing';
import type { IntervalDelta } from '@drumline/stats';
import { storedBenchRun } from './stored-run.js';
import { reportOf } from './reports.js';
import { describeMachine, quantile } from './support.js';

/** Seconds in one commit, so that a file of hours is written in minutes. */
const SECONDS_A_COMMIT = 20;
/** Different reports, so that histograms of the whole run are as wide as in real runs. */
const REPORTS = 50;
/** Number of answers for each path of the API. */
const ANSWERS = 40;
const FILE = '20260101T000000Z-bench-00000000.db';

const [first = '6', second = '100', third = '40'] = process.argv.slice(2);
if (first === 'measure') await measure(second, third);
else compare(Number(first), Number(second), Number(third));

function compare(hours: number, series: number, requests: number): void {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
  try {
    const path = makeRun(directory, hours * 3_600, series, requests);
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

function makeRun(directory: string, seconds: number, series: number, requests: number): string {
  mkdirSync(join(directory, 'runs'));
  const path = pathIn(directory);
  const startedAt = new Date(Date.now() - seconds * 1_000).toISOString();
  const clock = { startAtMs: 0, bootId: '', startedAt, pausedBeforeMs: 0 };
  // Each commit has as much time for its seconds as in a real run.
  const terms = { ...CHECKPOINT_TERMS, budgetMs: CHECKPOINT_TERMS.budgetMs * SECONDS_A_COMMIT };
  const file = RunFile.create(path, storedBenchRun({ clock }), terms);
  const reports = Array.from({ length: REPORTS }, () => reportOf(series, requests));
  for (let from = 0; from < seconds; from += SECONDS_A_COMMIT) {
    const range = Array.from({ length: Math.min(SECONDS_A_COMMIT, seconds - from) }, (_, i) => from + i);
    const deltas = range.map((at): IntervalDelta => ({ second: at, ...reports[at % REPORTS]! }));
    file.apply([{ deltas, users: range.map((at) => [at, 10] as const) }]);
  }
  file.close();
  return path;
}

async function measure(directory: string, what: string): Promise<void> {
  if (what === 'api') return measureApi(directory);
  const startedMs = performance.now();
  if (what === 'resume') {
    const { state, store } = await openRunStore(pathIn(directory));
    new Aggregate().restore(storedCountsOf(state));
    await store.close();
  } else if (what === 'report') pastResult(pathIn(directory));
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
  const master = await startMaster(
    {
      scenario: 'bench.ts',
      overrides: {},
      bind: 'tcp://127.0.0.1:0',
      api: { host: '127.0.0.1', port: 0, orAnyPort: true },
      expectWorkers: 1,
      expectWorkersMaxWaitMs: null,
      autostart: true,
      heartbeatMs: 1_000,
      missingAfterMs: 3_000,
      dataDir: directory,
      resume: await openRunToResume(directory),
    },
    () => {},
  );
  master.finished.catch(() => {});
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

function pathIn(directory: string): string {
  return join(directory, 'runs', FILE);
}
