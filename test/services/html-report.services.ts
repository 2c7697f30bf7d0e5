// The HTML report in a real browser: from a file, with and without scripts, on paper.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { renderHtml } from '@drumline/dashboard/report';
import type { TimedSeries } from '@drumline/wire';
import { formatCount } from '@drumline/model';
import { startChromium } from '../support/chromium.js';
import { eventually } from '../support/drumline.js';
import { needing } from '../support/programs.js';
import { sampleResult } from '../support/sample-result.js';
import { timedSeries } from '../support/timed-series.js';
import { sampleThresholds } from '../support/sample-thresholds.js';
import { violationsOf } from './dashboard/page.js';

const HOSTILE = '</script><img src=x onerror="document.title=1"><script>document.title=1</script>';
const CHARTS = ['rate', 'latency', 'users', 'failures'];

function sample() {
  const { series, errors, run, timeline, ...rest } = sampleResult({ thresholds: sampleThresholds() });
  return {
    ...rest,
    run: { ...run, scenario: HOSTILE },
    series: series.map((one) => ({ ...one, name: `${one.name} ${HOSTILE}` })),
    errors: errors.map((one) => ({ ...one, name: `${one.name} ${HOSTILE}` })),
    timeline: timeline.map((point) => ({ ...point, latencyBands: '9:4,60,200,90,12,3' })),
    annotations: [{ at: timeline[300]!.at, text: HOSTILE }],
  };
}

needing('chromium')('the HTML report', () => {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-report-'));
  const result = sample();
  const timed = timedSeries(result, 10).toSorted((a, b) => b.series.requests - a.series.requests);
  const path = join(directory, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    // All series but the quietest one have charts.
    writeFileSync(path, renderHtml(result, timed.slice(0, -1)));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Opens the report. Every message of the browser and every request is a problem. */
  const open = async (options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[] }> => {
    const context = await browser.newContext({ viewport: { width: 1_366, height: 900 }, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) problems.push(request.url());
    });
    await page.goto(pathToFileURL(path).href);
    return { page, problems };
  };

  const tile = async (page: Page, name: string): Promise<string> =>
    await page
      .locator('.tile', { has: page.getByText(name, { exact: true }) })
      .locator('.value')
      .innerText();

  const expectFigures = async (page: Page): Promise<void> => {
    expect(await page.locator('.verdict').innerText()).toContain('Failed');
    expect(await tile(page, 'Requests')).toBe(formatCount(result.totals.requests));
    expect(await page.locator('h1').innerText()).toBe(HOSTILE);
    expect(await page.title()).toContain(HOSTILE);
    const rows = page.locator('section[aria-labelledby=series] tbody tr');
    expect(await rows.count()).toBe(result.series.length);
    const counts = await rows.locator('td:first-of-type').allInnerTexts();
    expect(counts.sort()).toEqual(result.series.map(({ requests }) => formatCount(requests)).sort());
    for (const { message } of result.notes) await page.getByText(message).first().waitFor();
  };

  test('is interactive from a file, without any request or violation of its policy', async () => {
    const { page, problems } = await open();
    await expectFigures(page);
    for (const id of CHARTS) await page.locator(`#chart-${id} canvas`).waitFor();
    expect(await page.locator('.svg-chart').first().isVisible()).toBe(false);
    // Sorted by a click, and filtered as on the page of a master.
    await page.getByRole('button', { name: 'Failures' }).click();
    const most = Math.max(...result.series.map(({ failures }) => failures));
    const first = page.locator('section[aria-labelledby=series] tbody tr').first();
    expect(await first.locator('td').nth(1).innerText()).toBe(formatCount(most));
    await page.getByRole('searchbox', { name: 'Filter series' }).fill('failures>0');
    const failing = result.series.filter(({ failures }) => failures > 0).length;
    expect(await page.locator('section[aria-labelledby=series] tbody tr').count()).toBe(failing);
    await page.reload();
    expect(await page.locator('section[aria-labelledby=series] tbody tr').count()).toBe(failing);
    expect(problems).toEqual([]);
  });

  test('zooms all charts together', async () => {
    const { page, problems } = await open();
    const picture = async (id: string): Promise<string> =>
      (await page.evaluate(`document.querySelector('#chart-${id} canvas').toDataURL()`)) as string;
    await page.locator('#chart-users canvas').waitFor();
    const before = await picture('users');
    const area = page.locator('#chart-rate .u-over');
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await eventually(async () => (await picture('users')) !== before || undefined);
    expect(problems).toEqual([]);
  });

  /** Opens the page of a series from the table. */
  const openSeries = async (page: Page, { series: { name, method } }: TimedSeries): Promise<void> => {
    await page
      .getByRole('rowheader', { name: `${method} ${name}` })
      .getByRole('link')
      .first()
      .click();
    await page.getByRole('heading', { name: `${method} ${name}` }).waitFor();
  };

  test('opens a series with its charts and errors, as a page that Back leaves', async () => {
    const { page, problems } = await open();
    const failing = timed.find(({ series }) => series.name.startsWith('/checkout'))!;
    const before = page.locator('section[aria-labelledby=series] tbody tr');
    const rows = await before.count();
    await page.getByRole('button', { name: 'Failures' }).click();
    await openSeries(page, failing);
    expect(page.url()).toContain(`series=${failing.series.id}`);
    expect(await page.evaluate('scrollY')).toBe(0);
    expect(await tile(page, 'Requests')).toBe(formatCount(failing.series.requests));
    expect(await tile(page, 'Failures')).toBe(formatCount(failing.series.failures));
    for (const id of ['series-rate', 'series-latency']) await page.locator(`#chart-${id} canvas`).waitFor();
    await page.getByRole('img', { name: /response times. p50/ }).waitFor();
    await page.getByText('status 503 Service Unavailable').first().waitFor();
    // A link to it works from disk, too.
    await page.reload();
    await page.locator('#chart-series-rate canvas').waitFor();
    await page.goBack();
    await page.locator('#chart-rate canvas').waitFor();
    expect(await before.count()).toBe(rows);
    await page.goForward();
    await page.locator('#chart-series-rate canvas').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#chart-rate canvas').waitFor();
    // The table keeps the order that the reader chose.
    expect(await page.getByRole('columnheader', { name: 'Failures' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await page.goBack();
    await page.locator('#chart-series-rate canvas').waitFor();
    await page.getByRole('link', { name: 'Workers' }).click();
    await page.getByRole('heading', { name: 'Workers' }).waitFor();
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  test('returns from a series to where the reader was', async () => {
    const { page } = await open();
    const { series } = timed.at(-2)!;
    const link = page.getByRole('rowheader', { name: `${series.method} ${series.name}` }).getByRole('link');
    await page.locator('#chart-rate canvas').waitFor();
    await link.first().scrollIntoViewIfNeeded();
    const place = await page.evaluate('scrollY');
    expect(place).toBeGreaterThan(0);
    await openSeries(page, timed.at(-2)!);
    await page.goBack();
    await link.first().waitFor();
    await eventually(async () => (await page.evaluate('scrollY')) === place || undefined);
  });

  test('pins a series to the charts of the run', async () => {
    const { page, problems } = await open();
    await page
      .getByRole('button', { name: /^Pin to the charts/ })
      .first()
      .click();
    const { name, method } = timed[0]!.series;
    const label = `${method} ${name}`;
    await eventually(async () => {
      const shown = await page.locator('#chart-rate [role=img]').getAttribute('aria-label');
      return shown!.includes(`${label}: `) || undefined;
    });
    expect(problems).toEqual([]);
  });

  test('says why a series has no charts, and shows the rest of it', async () => {
    const { page } = await open();
    const quietest = timed.at(-1)!;
    await page.getByText(`Charts over time: the ${timed.length - 1} busiest of ${timed.length}`).waitFor();
    await openSeries(page, quietest);
    expect(await tile(page, 'Requests')).toBe(formatCount(quietest.series.requests));
    await page.getByText(`Charts over time: the ${timed.length - 1} busiest`).waitFor();
    expect(await page.locator('canvas').count()).toBe(0);
  });

  test('shows verdict, figures and charts without scripts', async () => {
    const { page, problems } = await open({ javaScriptEnabled: false });
    await expectFigures(page);
    for (const id of CHARTS) expect(await page.locator(`#chart-${id} .svg-chart`).isVisible()).toBe(true);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.locator('#chart-rate summary').click();
    await page.getByRole('table', { name: 'Requests per second' }).getByRole('row').nth(20).waitFor();
    expect(await page.locator('.busiest .svg-chart').first().isVisible()).toBe(false);
    await page.getByText('Charts of the 10 busiest series').click();
    expect(await page.locator('.busiest .svg-chart').filter({ visible: true }).count()).toBe(20);
    expect(problems).toEqual([]);
  });

  test('can be read in Jenkins, which refuses its script and its style sheet', async () => {
    const context = await browser.newContext();
    const policy = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'";
    await context.route('**/*', (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': policy },
        path,
      }),
    );
    const page = await context.newPage();
    await page.goto('http://jenkins.example/artifact/report.html');
    await expectFigures(page);
    for (const id of CHARTS) {
      const line = page.locator(`#chart-${id} path[stroke]`).last();
      expect(await line.getAttribute('stroke')).toMatch(/^#[\da-f]{6}$/);
      expect(await page.locator(`#chart-${id} .svg-chart`).isVisible()).toBe(true);
    }
    await context.close();
  });

  describe.each([
    ['light', [1_366, 360]],
    ['dark', [900]],
  ] as const)('in %s', (colorScheme, widths) => {
    test('has no violations of accessibility rules, and fits each screen', async () => {
      const { page } = await open({ colorScheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        expect([width, ...(await violationsOf(page))]).toEqual([width]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      }
      await openSeries(
        page,
        timed.find(({ series }) => series.failures > 0)!,
      );
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        expect([width, ...(await violationsOf(page))]).toEqual([width]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      }
    });
  });

  test('has no violations of accessibility rules as it is without scripts', async () => {
    // axe is a script: it looks at the same elements before the script of the report has run.
    const { page } = await open();
    const still = renderHtml(result).replace(/<script>[^]*<\/script>/, '');
    await page.setContent(still);
    expect(await page.locator('canvas').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
  });

  test('is light on paper, with pictures and without controls', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    await page.locator('#chart-rate canvas').waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const id of CHARTS) expect(await page.locator(`#chart-${id} .svg-chart`).isVisible()).toBe(true);
    expect(await page.locator('canvas').first().isVisible()).toBe(false);
    expect(await page.getByRole('searchbox').first().isVisible()).toBe(false);
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(22, 27, 34)');
  });
});
