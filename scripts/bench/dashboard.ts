// Measures the dashboard in Chromium: the size of its files, and on a run of six hours with 1,000
// series the time to the first chart, the longest frame while updates arrive, the memory of the
// page over simulated hours, and the CPU that ten open pages cost the master. That run has no
// workers, so its series do not change. The part `active` has a run whose series all change each
// second. Frames are tasks in the browser's trace.
// npm run bench:dashboard -- [hours] [series] [memory|first-chart|frames|cost|active]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pause } from './cluster.js';
import { serveFastRun } from './dashboard-hours.js';
import { cpuSecondsOf } from './harness/process-tree.js';
import { makeStoredRun } from './long-stored-run.js';
import { drumlineKind } from './master/drumline-master.js';
import { SimulatedWorkers } from './master/simulated-workers.js';
import { describeMachine, median } from './support.js';

const DASHBOARD = fileURLToPath(new URL('../../../packages/dashboard/dist/app/', import.meta.url));
const MASTER = fileURLToPath(new URL('dashboard-master.js', import.meta.url));
const PAGES = 10;
const VIEWS = ['overview', 'series'];
const ACTIVE_VIEWS = [...VIEWS, 'checks', 'errors', 'workers'];
const MAX_FRAME_MS = 50;
const SETTLE_MS = 5_000;
const WATCHED_MS = 20_000;
const LOADS = 5;
/** Simulated seconds that are sent at once, and how often. */
const LEAP_S = 60;
const LEAP_MS = 100;

const [hours = '6', series = '1000', part] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
try {
  console.log(`${describeMachine()}; a run of ${hours} h with ${series} series`);
  console.log(`size: ${Math.round(gzippedBytes() / 1024)} KiB gzipped`);
  await measure();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function gzippedBytes(): number {
  const assets = readdirSync(join(DASHBOARD, 'assets')).map((name) => join('assets', name));
  return ['index.html', ...assets].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(DASHBOARD, name))).byteLength,
    0,
  );
}

async function measure(): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    if (isWanted('memory')) await reportHours(browser, Number(hours));
    if (['first-chart', 'frames', 'cost'].some(isWanted)) await measureStored(browser);
    if (isWanted('active')) await measureActive(browser);
  } finally {
    await browser.close();
  }
}

/** A run of hours that goes on, without workers. */
async function measureStored(browser: Browser): Promise<void> {
  makeStoredRun(directory, Number(hours) * 3_600, Number(series), 2);
  const master = fork(MASTER, [directory, DASHBOARD]);
  try {
    const [{ url }] = (await once(master, 'message')) as [{ url: string }];
    if (isWanted('first-chart')) await reportFirstChart(browser, url);
    if (isWanted('frames')) for (const view of VIEWS) await reportFrames(browser, url, view);
    if (isWanted('cost')) await reportCost(browser, url, master.pid!, VIEWS);
  } finally {
    master.kill();
  }
}

/** A run whose series all change each second. */
async function measureActive(browser: Browser): Promise<void> {
  const load = { workers: 2, series: Number(series), buckets: 20 };
  const kind = drumlineKind({
    stores: true,
    joinsRunning: false,
    profile: undefined,
    quantilesEvery: 'auto',
  });
  const master = await kind.start(load);
  const workers = new SimulatedWorkers('drumline', master.address, load);
  try {
    await workers.join(load.workers);
    console.log(`active: ${load.workers} workers report ${load.series} series each second`);
    const url = master.apiUrl!;
    await pause(10_000);
    for (const view of VIEWS) await reportFrames(browser, url, view);
    await reportCost(browser, url, master.pid, ACTIVE_VIEWS);
  } finally {
    await Promise.all([workers.kill(), master.kill()]);
  }
}

/** The CPU of the master with ten open pages, and without. */
async function reportCost(
  browser: Browser,
  url: string,
  pid: number,
  views: readonly string[],
): Promise<void> {
  const percent = async (): Promise<number> => {
    await pause(SETTLE_MS);
    const before = cpuSecondsOf(pid);
    await pause(WATCHED_MS);
    return (cpuSecondsOf(pid) - before) / (WATCHED_MS / 100_000);
  };
  for (const view of views) {
    // The load of the machine changes, so both figures are of the same minute.
    const alone = await percent();
    const pages: Page[] = [];
    while (pages.length < PAGES) pages.push((await open(browser, url)).page);
    for (const page of pages) await show(page, view);
    const watched = await percent();
    for (const page of pages) await page.context().close();
    console.log(
      `master: ${alone.toFixed(1)} % of a core without pages, ${watched.toFixed(1)} % with ${PAGES} of ${view}`,
    );
  }
}

/**
 * Opens the page with an empty cache.
 * @returns when the first chart had the whole timeline, milliseconds
 */
async function open(browser: Browser, url: string): Promise<{ page: Page; firstChartMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1_366, height: 900 } });
  const page = await context.newPage();
  const timeline = page.waitForResponse((response) => response.url().includes('/timeline'));
  await page.goto(url);
  await (await timeline).finished();
  await page.locator('.uplot canvas').first().waitFor();
  // Everything is drawn before the second next frame.
  const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
  return { page, firstChartMs: Number(await page.evaluate(`${drawn}.then(() => performance.now())`)) };
}

/** The memory of one page while the hours of a run pass in seconds. */
async function reportHours(browser: Browser, simulated: number): Promise<void> {
  const run = await serveFastRun(DASHBOARD);
  try {
    run.advance(10);
    const { page } = await open(browser, run.url);
    const session = await page.context().newCDPSession(page);
    const figures: string[] = [];
    for (let hour = 0; hour <= simulated; hour += 1) {
      if (hour > 0)
        for (let left = 3_600; left > 0; left -= LEAP_S) {
          run.advance(LEAP_S);
          await pause(LEAP_MS);
        }
      await pause(500);
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      figures.push(`${hour} h ${(usedSize / 2 ** 20).toFixed(1)} MiB`);
    }
    console.log(`memory of the page: ${figures.join(', ')}`);
    await page.context().close();
  } finally {
    run.close();
  }
}

async function reportFirstChart(browser: Browser, url: string): Promise<void> {
  const resumed = await open(browser, url);
  await resumed.page.context().close();
  console.log(
    `first chart: after ${Math.round(resumed.firstChartMs)} ms from a master that has just resumed`,
  );
  const times: number[] = [];
  for (let n = 0; n < LOADS; n += 1) {
    const { page, firstChartMs } = await open(browser, url);
    times.push(firstChartMs);
    await page.context().close();
  }
  console.log(`first chart: after ${Math.round(median(times))} ms, median of ${LOADS} with an empty cache`);
}

/** Goes to a view of the run. */
async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(`location.hash = '#/run/current/${view}'`);
}

function isWanted(name: string): boolean {
  return part === undefined || part === name;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds; absent for events without a length. */
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** The longest tasks of the page's main thread while updates arrive. A task delays a frame. */
async function reportFrames(browser: Browser, url: string, view: string): Promise<void> {
  const { page } = await open(browser, url);
  await show(page, view);
  await pause(SETTLE_MS);
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await pause(WATCHED_MS);
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  await page.context().close();
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasksMs = traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && main.has(`${pid} ${tid}`))
    .map(({ dur = 0 }) => dur / 1_000);
  const above = tasksMs.filter((ms) => ms > MAX_FRAME_MS).length;
  console.log(
    `frames of ${view} in ${WATCHED_MS / 1_000} s: longest task ${Math.max(0, ...tasksMs).toFixed(1)} ms of ` +
      `${tasksMs.length}, ${above} above ${MAX_FRAME_MS} ms`,
  );
}
