// Takes pictures of the dashboard during the run of the demo, at three widths, light and dark.
// The two in the README go to docs/images; all of them go to a directory, if one is given.
// npm run screenshots -- [directory]
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const DEMO = fileURLToPath(new URL('../demo/demo.js', import.meta.url));
const IMAGES = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
/** Seconds of the run before the first picture. */
const BEGIN_S = 25;
const VIEWS = ['overview', 'series', 'workers'];
const WIDTHS = [1_366, 900, 360];
const SCHEMES = ['light', 'dark'] as const;
/** The pictures of the README. */
const SHOWN = new Set(['overview-1366-light', 'series-1366-dark']);

const [directory] = process.argv.slice(2);
if (directory !== undefined) mkdirSync(directory, { recursive: true });

const args = [DEMO, '--api', '127.0.0.1:0', '--no-store', '-u', '60', '-r', '4', '-t', '3m'];
const demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
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
} finally {
  await browser.close();
  demo.kill('SIGTERM');
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

/** Waits until everything is drawn. */
async function settled(page: Page, view: string): Promise<void> {
  const last = view === 'overview' ? '.uplot canvas' : 'tbody tr';
  await page.locator(last).first().waitFor();
  await page.waitForTimeout(1_500);
}
