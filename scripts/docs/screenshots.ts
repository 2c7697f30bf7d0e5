// Takes pictures of the dashboard during the run of the demo, and of its HTML report: at three
// widths, light and dark; of the report also without scripts and as a PDF. Those of the docs go to
// docs/images; all of them go to a directory, if one is given.
// npm run screenshots -- [directory]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const DEMO = fileURLToPath(new URL('../demo/demo.js', import.meta.url));
const IMAGES = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
/** Seconds of the run before the first picture. */
const BEGIN_S = 25;
const VIEWS = ['overview', 'series', 'workers'];
const WIDTHS = [1_366, 900, 360];
const SCHEMES = ['light', 'dark'] as const;
/** The pictures of the docs. */
const SHOWN = new Set(['overview-1366-light', 'series-1366-dark']);
const SHOWN_REPORT = 'report-1366-light';

const [directory] = process.argv.slice(2);
if (directory !== undefined) mkdirSync(directory, { recursive: true });

const files = mkdtempSync(join(tmpdir(), 'drumline-screenshots-'));
const report = join(files, 'report.html');
const args = [
  DEMO,
  '--api',
  '127.0.0.1:0',
  '--no-store',
  '--html',
  report,
  '-u',
  '60',
  '-r',
  '4',
  '-t',
  '2m',
];
const demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(demo, 'exit');
const url = await new Promise<string>((resolve) => {
  let output = '';
  demo.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const found = /Dashboard at (http:\S+)\//.exec(output)?.[1];
    if (found !== undefined) resolve(found);
  });
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  await new Promise((resolve) => setTimeout(resolve, BEGIN_S * 1_000));
  for (const width of WIDTHS) for (const scheme of SCHEMES) await take(browser, width, scheme);
  await ended;
  for (const width of WIDTHS) for (const scheme of SCHEMES) await takeReport(browser, width, scheme);
  if (directory !== undefined) await printReport(browser, directory);
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  rmSync(files, { recursive: true, force: true });
}

async function take(from: Browser, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  const context = await from.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  for (const view of VIEWS) {
    const name = `${view}-${width}-${colorScheme}`;
    await page.goto(`${url}/#/run/current/${view}`);
    await settled(page, view);
    if (directory !== undefined) await page.screenshot({ path: join(directory, `${name}.png`) });
    if (SHOWN.has(name)) await page.screenshot({ path: join(IMAGES, `dashboard-${view}.png`) });
  }
  await context.close();
}

/** With scripts and without. */
async function takeReport(from: Browser, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  for (const javaScriptEnabled of [true, false]) {
    const context = await from.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      javaScriptEnabled,
    });
    const page = await context.newPage();
    await page.goto(pathToFileURL(report).href);
    await page.waitForTimeout(500);
    const name = `report-${width}-${colorScheme}`;
    const path = directory && join(directory, `${name}${javaScriptEnabled ? '' : '-still'}.png`);
    if (path !== undefined) await page.screenshot({ path, fullPage: true });
    if (javaScriptEnabled && name === SHOWN_REPORT)
      await page.screenshot({ path: join(IMAGES, 'report.png') });
    await context.close();
  }
}

async function printReport(from: Browser, to: string): Promise<void> {
  const page = await from.newPage();
  await page.goto(pathToFileURL(report).href);
  await page.pdf({ path: join(to, 'report.pdf'), preferCSSPageSize: true });
  await page.close();
}

/** Waits until everything is drawn. */
async function settled(page: Page, view: string): Promise<void> {
  const last = view === 'overview' ? '.uplot canvas' : 'tbody tr';
  await page.locator(last).first().waitFor();
  await page.waitForTimeout(1_500);
}
