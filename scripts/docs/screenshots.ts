// Takes pictures of the dashboard of `drumline serve`, and of an HTML report: at three widths,
// light and dark; of the report also without scripts and as a PDF. The docs' pictures go to
// docs/images; all of them go to a directory, if one is given.
// npm run screenshots -- [directory]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RunClient } from '@drumline/client';
import { chromium, type Browser } from 'playwright-core';
import { startTarget } from '../demo/target.js';
import { ServedCluster } from '../runs/served-cluster.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const IMAGES = join(ROOT, 'docs/images');
/** Seconds of the second run before the first picture. */
const BEGIN_S = 25;
/** The second run goes on until the last picture of it, also on a slow machine. */
const [FIRST_LENGTH, SECOND_LENGTH] = ['25s', '4m'];
const WIDTHS = [1_366, 900, 360];
const SCHEMES = ['light', 'dark'] as const;
/** The pictures of the docs, by the names of the pictures. */
const SHOWN: Readonly<Record<string, string>> = {
  'overview-1366-light': 'dashboard-overview.png',
  'series-1366-dark': 'dashboard-series.png',
  'report-1366-light': 'report.png',
};

interface View {
  readonly name: string;
  readonly url: string;
  /** What is drawn last. */
  readonly last: string;
  readonly isWhole?: boolean;
  readonly javaScriptEnabled?: boolean;
}

const [directory] = process.argv.slice(2);
if (directory !== undefined) mkdirSync(directory, { recursive: true });

/** Closes what is open, the last first. */
const closing: (() => unknown)[] = [];
let cluster: ServedCluster;
let targetUrl: string;
try {
  const files = mkdtempSync(join(tmpdir(), 'drumline-screenshots-'));
  closing.push(() => rmSync(files, { recursive: true, force: true }));
  const target = await startTarget();
  closing.push(() => target.close());
  targetUrl = target.url;
  cluster = await ServedCluster.open(join(files, 'data'), '--scenarios', join(ROOT, 'examples'));
  closing.push(() => cluster.close());
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  closing.push(() => browser.close());
  await takeAll(browser, files);
} finally {
  for (const close of closing.reverse()) await close();
}

async function takeAll(browser: Browser, files: string): Promise<void> {
  for (const name of ['w1', 'w2']) cluster.join(name, '--lanes', '1');
  await cluster.haveJoined(2);
  const first = await start(FIRST_LENGTH);
  await endOf(first.run);
  const second = await start(SECOND_LENGTH);
  await new Promise((resolve) => setTimeout(resolve, BEGIN_S * 1_000));
  await take(browser, await viewsOfRun(second.run));
  await endOf(second.run);
  await take(browser, viewsAfter(first.runId, second.runId));
  const report = join(files, 'report.html');
  writeFileSync(report, await second.run.report('html'));
  await takeReport(browser, pathToFileURL(report).href);
}

async function start(length: string): Promise<{ runId: string; run: RunClient }> {
  const options = { target: targetUrl, users: '60', 'spawn-rate': '4', 'run-time': length };
  const { runId } = await cluster.client.startScenario({ path: 'quickstart.ts', options });
  return { runId, run: cluster.client.run(runId) };
}

async function endOf(run: RunClient): Promise<void> {
  for await (const { type } of run.events({ reconnect: true })) if (type === 'end') return;
}

async function viewsOfRun(run: RunClient): Promise<View[]> {
  const { series } = await run.series({ sort: '-requests', limit: 1 });
  const at = (tab: string): string => `${cluster.client.url}/#/run/current/${tab}`;
  const page = `${at('series')}?series=${encodeURIComponent(series[0]!.id)}`;
  return [
    { name: 'overview', url: at('overview'), last: '.uplot canvas' },
    { name: 'series', url: at('series'), last: 'tbody tr' },
    { name: 'one-series', url: page, last: '.uplot canvas', isWhole: true },
    { name: 'workers', url: at('workers'), last: 'tbody tr' },
  ];
}

function viewsAfter(baseline: string, run: string): View[] {
  const at = (page: string): string => `${cluster.client.url}/#/${page}`;
  return [
    { name: 'runs', url: at('runs'), last: 'tbody tr', isWhole: true },
    { name: 'compare', url: at(`compare?baseline=${baseline}&run=${run}`), last: 'tbody tr', isWhole: true },
    { name: 'new', url: at('new?scenario=quickstart.ts&load=users'), last: 'form', isWhole: true },
  ];
}

/** With scripts and without, and printed. */
async function takeReport(from: Browser, url: string): Promise<void> {
  const report: View = { name: 'report', url, last: 'h1', isWhole: true };
  await take(from, [report]);
  await take(from, [{ ...report, name: 'report-still', javaScriptEnabled: false }]);
  if (directory === undefined) return;
  const page = await from.newPage();
  await page.goto(url);
  await page.pdf({ path: join(directory, 'report.pdf'), preferCSSPageSize: true });
  await page.close();
}

/** Takes pictures at each width, light and dark. */
async function take(from: Browser, views: readonly View[]): Promise<void> {
  for (const width of WIDTHS)
    for (const colorScheme of SCHEMES)
      for (const { name, url, last, isWhole = false, javaScriptEnabled = true } of views) {
        const viewport = { width, height: 900 };
        const page = await from.newPage({ viewport, colorScheme, javaScriptEnabled });
        await page.goto(url);
        await page.locator(last).first().waitFor();
        // Until everything is drawn.
        await page.waitForTimeout(1_000);
        const picture = `${name}-${width}-${colorScheme}`;
        const path = directory && join(directory, `${picture}.png`);
        if (path !== undefined) await page.screenshot({ path, fullPage: isWhole });
        const shown = SHOWN[picture];
        if (shown !== undefined) await page.screenshot({ path: join(IMAGES, shown) });
        await page.close();
      }
}
