// Measures the dashboard in Chromium, on a run of six hours with 1,000 series that goes on: the
// size of its files, the time to the first chart, the longest frame while updates arrive, the
// memory of the page over simulated hours, and the CPU that ten open pages cost the master.
// npm run bench:dashboard -- [hours] [series]
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
import { makeStoredRun } from './long-stored-run.js';
import { describeMachine, median } from './support.js';

const DASHBOARD = fileURLToPath(new URL('../../../packages/dashboard/dist/app/', import.meta.url));
const MASTER = fileURLToPath(new URL('dashboard-master.js', import.meta.url));
const PAGES = 10;
const WATCHED_MS = 20_000;
const LOADS = 5;
/** Simulated seconds that are sent at once, and how often. */
const LEAP_S = 60;
const LEAP_MS = 100;

const [hours = '6', series = '1000'] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'drumline-bench-'));
try {
  console.log(`${describeMachine()}; a run of ${hours} h with ${series} series`);
  console.log(`size: ${Math.round(gzippedBytes() / 1024)} KiB gzipped`);
  makeStoredRun(directory, Number(hours) * 3_600, Number(series), 2);
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
  const master = fork(MASTER, [directory, DASHBOARD]);
  const [{ url }] = (await once(master, 'message')) as [{ url: string }];
  const cpuMs = async (): Promise<number> => {
    master.send('cpu');
    const [{ cpu }] = (await once(master, 'message')) as [{ cpu: number }];
    return cpu;
  };
  const percentOver = async (ms: number): Promise<number> => {
    const before = await cpuMs();
    await pause(ms);
    return ((await cpuMs()) - before) / (ms / 100);
  };
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    await reportHours(browser, Number(hours));
    await reportFirstChart(browser, url);
    const { page } = await open(browser, url);
    await pause(5_000);
    await reportFrames(page);
    await page.close();
    const alone = await percentOver(WATCHED_MS);
    for (let n = 0; n < PAGES; n += 1) await open(browser, url);
    await pause(5_000);
    const watched = await percentOver(WATCHED_MS);
    console.log(
      `master: ${alone.toFixed(1)} % of a core without pages, ${watched.toFixed(1)} % with ${PAGES}`,
    );
  } finally {
    await browser.close();
    master.kill();
  }
}

/** Opens the page with an empty cache. @returns when the first chart was there, milliseconds */
async function open(browser: Browser, url: string): Promise<{ page: Page; firstChartMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1_366, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('.uplot canvas').first().waitFor();
  return { page, firstChartMs: Number(await page.evaluate('performance.now()')) };
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
  const times: number[] = [];
  for (let n = 0; n < LOADS; n += 1) {
    const { page, firstChartMs } = await open(browser, url);
    times.push(firstChartMs);
    await page.context().close();
  }
  console.log(`first chart: after ${Math.round(median(times))} ms, median of ${LOADS} with an empty cache`);
}

async function reportFrames(page: Page): Promise<void> {
  await page.evaluate(`
    window.longest = 0;
    let last = performance.now();
    const next = (now) => { window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(next); };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(next); });
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration)))
      .observe({ type: 'longtask' });`);
  await pause(WATCHED_MS);
  const longest = Number(await page.evaluate('window.longest'));
  const tasks = (await page.evaluate('window.tasks')) as number[];
  const seconds = WATCHED_MS / 1_000;
  console.log(
    `updates of ${seconds} s: longest frame ${Math.round(longest)} ms, ${tasks.length} tasks above 50 ms${
      tasks.length > 0 ? ` (at most ${Math.round(Math.max(...tasks))})` : ''
    }`,
  );
}
