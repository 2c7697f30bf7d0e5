// Measures HTML reports of stored runs: their size with and without charts of single series, and
// the CPU and memory that it takes to write them.
// npm run bench:html -- [seconds:series ...]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderHtml } from '@drumline/dashboard/report';
import { pastResult, readFromFile, reportedSeries } from '@drumline/master/report';
import { makeStoredRun } from './long-stored-run.js';
import { describeMachine } from './support.js';

const REQUESTS_A_SECOND = 2;
/** One minute, an hour and six hours. */
const RUNS = ['60:5', '3600:200', '21600:1000'];

const [first, path] = process.argv.slice(2);
if (first === 'measure') await measure(path!);
else compare(process.argv.length > 2 ? process.argv.slice(2) : RUNS);

function compare(runs: readonly string[]): void {
  console.log(describeMachine());
  for (const run of runs) {
    const [seconds, series] = run.split(':').map(Number) as [number, number];
    const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
    try {
      const file = makeStoredRun(directory, seconds, series, REQUESTS_A_SECOND);
      const script = fileURLToPath(import.meta.url);
      const child = spawnSync(process.execPath, [script, 'measure', file], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      console.log(`${seconds} s, ${series} series: ${child.stdout.trim()}`);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

async function measure(file: string): Promise<void> {
  const result = pastResult(file);
  const before = process.cpuUsage();
  const timed = await reportedSeries(result, readFromFile(result, file));
  const { user, system } = process.cpuUsage(before);
  const sizes = [renderHtml(result), renderHtml(result, timed)].map((page) => Buffer.byteLength(page));
  const [without, withCharts] = sizes.map((bytes) => `${Math.round(bytes / 1_000)} kB`);
  const points = Math.max(...timed.map((one) => one.points.length));
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1_000);
  console.log(
    `${without} without charts of series, ${withCharts} with ${timed.length} of ${points} points; ` +
      `read with ${Math.round((user + system) / 1_000)} ms of CPU; ${megabytes} MB`,
  );
}
