// The page of a series, pins, histories of workers and thresholds, and attacks from other pages: in
// a real browser on a real service.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { SeriesPage } from '@drumline/client';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { startChromium } from '../support/chromium.js';
import { eventually } from '../support/drumline.js';
import { needing } from '../support/programs.js';
import { sumsOf } from '../support/series-sums.js';
import { Service } from '../support/service.js';
import { openDashboard, tile, violationsOf } from './dashboard/page.js';

/** A name that is not the server's, and that the browser resolves to it, as with DNS rebinding. */
const REBOUND = 'rebound.test';

const HOSTILE = `import { constant, iterations, scenario, user } from 'drumline';
const name = '<img src=x onerror=alert(1)>';
const visitor = user('visitor', {
  wait: constant('1s'),
  tasks: { load: async ({ http }) => void (await http.get('/status/500', { name, tags: { '</script>': name } })) },
});
export default scenario({ users: [visitor], load: iterations({ total: 4, users: 1 }) });
`;

/** 300 series, of which only one goes on. */
const QUIET = `import { constant, scenario, startWith, user } from 'drumline';
let next = 1;
const visitor = user('visitor', {
  wait: constant('10ms'),
  tasks: { look: async ({ http }) => void (await http.get('/', { name: '/item/' + (next < 300 ? next++ : 0) })) },
});
export default scenario({ users: [visitor], load: startWith(4).hold() });
`;

needing('chromium')('series in the dashboard', () => {
  let browser: Browser;
  let service: Service;
  let target: TestServer;
  let bad = 0;

  beforeAll(async () => {
    browser = await startChromium([`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`]);
    target = await serveHttp((request, response) => {
      const isBad = request.url === '/status/500';
      if (isBad) bad += 1;
      response.statusCode = isBad ? 500 : 200;
      response.end('{}');
    });
    service = await Service.start();
    await service.addWorkers('w1', 'w2');
  });
  afterAll(async () => {
    await browser.close();
    await service[Symbol.asyncDispose]();
    await target.close();
  });

  test('a series has a page and pins, which the URL holds, and its figures are those of the target', async () => {
    const args = ['-t', '60s', '--threshold', 'failures < 3', '--threshold', 'p95 < 0.001ms'];
    const id = await service.submitted('failing', { url: target.origin }, args);
    await service.until(id, ({ state }) => state === 'running');
    const { page, problems } = await openDashboard(browser, service.client.url, `#/run/${id}/series`);
    // The filter of the help finds it.
    await page.getByRole('searchbox', { name: 'Filter series' }).fill('GET user=visitor failures>0');
    await page.getByRole('button', { name: 'Pin to the charts: GET bad' }).click();
    await page.getByRole('link', { name: 'GET bad' }).click();
    await page.getByRole('img', { name: /^Requests and failures of the series/ }).waitFor();
    await page.getByRole('img', { name: /response times. p50/ }).waitFor();
    await page.getByText('status 500').first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const shown = page.url();
    expect(shown).toMatch(/filter=[^&]+&.*series=[0-9a-f]{14}/);
    await page.reload();
    await page.getByRole('img', { name: /^Requests and failures of the series/ }).waitFor();
    expect(page.url()).toBe(shown);
    await page.keyboard.press('Escape');
    await page.getByRole('rowheader', { name: 'GET bad' }).waitFor();
    await page.goBack();
    await page.getByRole('img', { name: /response times. p50/ }).waitFor();

    // The pinned series is a line of the charts of the run, and a broken limit stands out.
    await page.keyboard.press('1');
    await page
      .getByRole('img', { name: /^Requests and failures in each second.*GET bad: [\d.]+\/s/ })
      .waitFor();
    await page.getByRole('img', { name: /^Quantiles of.*p95 GET bad: [\d.]+ [mµ]?s/ }).waitFor();
    const broken = page.locator('.thresholds li.bad');
    await eventually(async () => (await broken.count()) === 2 || undefined);
    expect(await broken.first().innerText()).toMatch(/the limit, broken for/);

    await service.client.run(id).stop();
    await page.getByText('exit code').waitFor();
    await page.goto(shown);
    await page.reload();
    await page.getByRole('img', { name: /response times. p50/ }).waitFor();
    expect(await tile(page, 'Requests')).toBe(bad);
    expect(await tile(page, 'Failures')).toBe(bad);
    const { timelines } = await service.client.run(id).seriesTimeline({ filter: 'bad' });
    expect(timelines.map(sumsOf)).toEqual([[bad, bad]]);
    expect(problems).toEqual([]);
  });

  test('the table reads what has changed of the rows that it shows, and copies all', async () => {
    const before = target.requests;
    const file = join(service.directory, 'quiet.ts');
    await writeFile(file, QUIET);
    const id = await service.submitted(file, { url: target.origin });
    const run = service.client.run(id);
    await eventually(async () => (await run.series({ limit: 1, filter: 'requests>20' })).total || undefined);
    const { page, problems } = await openDashboard(
      browser,
      service.client.url,
      `#/run/${id}/series?sort=name`,
    );
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('heading', { name: 'Series 300' }).waitFor();
    // An answer lists the rows that the page needs, and has those that have changed.
    const answer = await page.waitForResponse((response) => response.url().includes('since='));
    const { series, window } = (await answer.json()) as SeriesPage;
    expect(series.map(({ name }) => name)).toEqual(['/item/0']);
    expect(window!.ids.length).toBeGreaterThan(50);
    expect(window!.ids.length).toBeLessThan(150);
    const last = page.getByRole('row', { name: 'GET /item/99' });
    expect(await last.count()).toBe(0);
    await page.locator('.series').evaluate((table) => table.scrollTo(0, table.scrollHeight));
    await last.waitFor();
    expect(await last.getAttribute('aria-rowindex')).toBe('301');

    await run.stop();
    await page.getByText('exit code').waitFor();
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.getByText('Table copied.').waitFor();
    const [, ...rows] = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n');
    const counts = rows.map((row) => Number(row.split('","')[1]!.replaceAll(',', '')));
    expect(rows).toHaveLength(300);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(target.requests - before);
    expect(problems).toEqual([]);
  });

  test('hostile names of a series, its tags and its errors are text on its page', async () => {
    const path = join(service.directory, 'hostile.ts');
    await writeFile(path, HOSTILE);
    const id = await service.submitted(path, { url: target.origin });
    await service.ended(id);
    const { series } = await service.client.run(id).series();
    const fragment = `#/run/${id}/series?series=${series[0]!.id}&pins=${series[0]!.id}`;
    const { page, problems } = await openDashboard(browser, service.client.url, fragment, 360);
    await page.getByRole('heading', { name: 'GET <img src=x onerror=alert(1)>' }).waitFor();
    await page.getByRole('img', { name: /response times. p50/ }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.keyboard.press('1');
    await page
      .getByRole('img', { name: /GET <img src=x onerror=alert/ })
      .first()
      .waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('the history of a killed worker stays, with its states', async () => {
    const doomed = service.addWorker('doomed');
    await eventually(async () => (await service.client.health()).workers === 3 || undefined);
    const id = await service.submitted('steady', { url: target.origin });
    await service.until(id, ({ state }) => state === 'running');
    const { page, problems } = await openDashboard(browser, service.client.url, `#/run/${id}/workers`);
    const history = page.getByRole('region', { name: 'History of doomed' });
    await history.getByRole('img', { name: /^CPU of doomed.*Busiest lane: \d+ %/ }).waitFor();
    await history.getByRole('img', { name: /Round trip: [\d.]+ [mµ]?s/ }).waitFor();
    doomed.signal('SIGKILL');
    await page.getByRole('row', { name: /doomed.*(lost|missing)/ }).waitFor();
    await history.getByText(/(lost|missing)\./).waitFor();
    await page.keyboard.press('1');
    await page
      .getByText(/worker-(lost|missing)/)
      .first()
      .waitFor({ state: 'attached' });
    expect(problems).toEqual([]);
    await service.client.run(id).cancel();
    await service.ended(id);
  });

  test('pages of other origins can neither read the API nor order anything', async () => {
    const attacker = await serveHttp((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<title>attack</title>');
    });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(attacker.origin);
    const attempt = async (method: string, path: string, options = ''): Promise<unknown> =>
      await page.evaluate(
        `fetch('${service.client.url}${path}', { method: '${method}' ${options} }).then((one) => one.text(), () => 'refused')`,
      );
    expect(await attempt('GET', '/v1/runs')).toBe('refused');
    expect(await attempt('GET', '/')).toBe('refused');
    const before = await service.client.runs();
    for (const path of ['/v1/runs/current/stop', '/v1/workers/w1/drain']) {
      expect(await attempt('POST', path)).toBe('refused');
      expect(
        await attempt('POST', path, `, body: '{}', headers: { 'content-type': 'application/json' }`),
      ).toBe('refused');
      // A simple request is sent without asking, so the server must refuse it.
      await attempt('POST', path, `, mode: 'no-cors', body: '{}'`);
    }
    expect(await service.client.runs()).toEqual(before);
    expect((await service.client.workers()).map(({ name }) => name)).toContain('w1');
    await page.evaluate(`{
      const frame = document.createElement('iframe');
      frame.src = '${service.client.url}/';
      document.body.append(frame);
    }`);
    await page.waitForTimeout(500);
    expect(await page.frameLocator('iframe').locator('#app').count()).toBe(0);
    await context.close();
    await attacker.close();
  });

  test('a name that is not the server\u2019s reaches no run and no order', async () => {
    const { port } = new URL(service.client.url);
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const path of ['/v1/runs', '/v1/health']) {
      const response = await page.goto(`http://${REBOUND}:${port}${path}`);
      expect([path, response!.status()]).toEqual([path, 403]);
    }
    // The page itself holds nothing of a run, and learns nothing.
    await page.goto(`http://${REBOUND}:${port}/`);
    await page.getByText('does not name this API').first().waitFor();
    const order = `fetch('/v1/workers/w1/drain', { method: 'POST' }).then((one) => one.status)`;
    expect(await page.evaluate(order)).toBe(403);
    await context.close();
  });
});
