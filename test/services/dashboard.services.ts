// The dashboard in a real browser, on a real service with real workers.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { MasterKey } from '@drumline/wire/security';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { startChromium } from '../support/chromium.js';
import { eventually } from '../support/drumline.js';
import { needing } from '../support/programs.js';
import { Service } from '../support/service.js';
import { openDashboard, pixelsOf, tile, violationsOf } from './dashboard/page.js';

const HOSTILE = '<img src=x onerror=alert(1)>';

needing('chromium')('the dashboard', () => {
  let browser: Browser;
  let service: Service;
  let target: TestServer;
  /** How long the target waits before it answers. */
  let delayMs = 0;

  beforeAll(async () => {
    browser = await startChromium();
    target = await serveHttp((request, response) => {
      response.statusCode = request.url === '/status/500' ? 500 : 200;
      setTimeout(() => response.end('{}'), delayMs);
    });
    service = await Service.start();
    await service.addWorkers('w1', 'w2');
  });
  afterEach(async () => {
    const { runs } = await service.client.runs({ state: ['active'] });
    for (const { runId } of runs) {
      await service.client.run(runId).cancel();
      await service.ended(runId);
    }
  });
  afterAll(async () => {
    await browser.close();
    await service[Symbol.asyncDispose]();
    await target.close();
  });

  const begin = async (scenario: string, args: readonly string[] = []): Promise<string> => {
    const id = await service.submitted(scenario, { url: target.origin }, args);
    await service.until(id, ({ state }) => state === 'running');
    return id;
  };

  test('shows a run live, changes its load and stops it, and its figures are those of the target', async () => {
    const before = target.requests;
    const id = await begin('steady');
    const { page, problems } = await openDashboard(browser, service.client.url);
    await page.getByText('running', { exact: true }).waitFor();
    await eventually(async () => (await tile(page, 'Requests')) > 50 || undefined);
    await page.locator('.uplot canvas').first().waitFor();
    await page.keyboard.press('u');
    await page.getByRole('spinbutton', { name: 'Users' }).fill('4');
    await page.getByText('10 → 4 users, at once.').waitFor();
    await page.getByRole('button', { name: 'Change the load' }).click();
    await eventually(async () => (await tile(page, 'Users')) === 4 || undefined);
    await page.keyboard.press('a');
    await page.getByLabel('Remark at this moment').fill(HOSTILE);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('The remark was added.').waitFor();
    await page.keyboard.press('s');
    await page.getByText('finish what they are doing').waitFor();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText('exit code').waitFor();
    const result = await service.result(id);
    expect(await tile(page, 'Requests')).toBe(result.totals.requests);
    expect(result.totals.requests).toBe(target.requests - before);
    expect(result.annotations!.map(({ text }) => text)).toContain(HOSTILE);
    expect(problems).toEqual([]);
  });

  test('shows where a threshold is and when it breaks, and the verdict that follows', async () => {
    const before = target.requests;
    const threshold = 'p95 < 300ms over 2s';
    const id = await begin('steady', ['--threshold', threshold, '--threshold', 'p99 < 50s']);
    const { page, problems } = await openDashboard(browser, service.client.url, `#/run/${id}/overview`);
    const chart = page.getByRole('img', { name: /^Quantiles of the response times/ });
    const thresholds = page.getByRole('region', { name: 'Thresholds' });
    await thresholds.getByText('2 kept').waitFor();
    await page.getByRole('img', { name: `${threshold} (kept)` }).waitFor();
    await thresholds.getByText('below the limit').first().waitFor();
    delayMs = 600;
    await thresholds.getByText('1 of 2 broken').waitFor();
    await thresholds.getByText(/above the limit, broken for/).waitFor();
    expect(await chart.getAttribute('aria-label')).toContain(`${threshold} (broken), p99 < 50s (kept)`);
    // The scale reaches the limit now, and the line has the color of a broken one.
    await eventually(
      async () => (await pixelsOf(page, '#chart-latency canvas', '#d0313a')) > 50 || undefined,
    );
    await service.client.run(id).stop();
    await page.getByText('exit code').waitFor();
    delayMs = 0;
    await page.getByRole('status').getByText('Failed').waitFor();
    const result = await service.result(id);
    expect(result.thresholds!.map(({ passed }) => passed)).toEqual([false, true]);
    expect(await tile(page, 'Requests')).toBe(target.requests - before);
    expect(problems).toEqual([]);
  });

  test('shows series, errors, workers and the log, with the keyboard only', async () => {
    const id = await begin('failing', ['-t', '20s']);
    const { page, problems } = await openDashboard(browser, service.client.url, `#/run/${id}/overview`);
    await page.getByRole('button', { name: 'Series' }).waitFor();
    await page.keyboard.press('2');
    await page.getByRole('rowheader', { name: 'GET bad user=visitor' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('failures>0');
    await page.getByRole('rowheader', { name: 'GET / user=visitor' }).waitFor({ state: 'detached' });
    expect(page.url()).toContain('filter=failures%3E0');
    await page.keyboard.press('Escape');
    await page.locator('body').click({ position: { x: 2, y: 2 } });
    await page.keyboard.press('3');
    await page.getByText('status 500').first().waitFor();
    await page.keyboard.press('5');
    await page.getByRole('rowheader', { name: 'w1' }).waitFor();
    await page.keyboard.press('6');
    await page.locator('.log li').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    expect(problems).toEqual([]);
    await service.client.run(id).stop();
    await service.ended(id);
  });

  test('survives a reload and another master of the run, with the whole timeline', async () => {
    const id = await begin('steady');
    const { page, problems } = await openDashboard(browser, service.client.url, `#/run/${id}/overview`);
    await eventually(async () => (await tile(page, 'Requests')) > 50 || undefined);
    await service.kill();
    await page.getByText('connection to the master is lost').or(page.getByText('running')).first().waitFor();
    await service.startAgain();
    const shown = await tile(page, 'Requests');
    await eventually(async () => (await tile(page, 'Requests')) > shown || undefined);
    await page.reload();
    await page.locator('.uplot canvas').first().waitFor();
    const label = await page.getByRole('img', { name: /^Requests and failures/ }).getAttribute('aria-label');
    expect(label).toMatch(/Requests: [\d,.]+\/s/);
    await service.client.run(id).stop();
    await page.getByText('exit code').waitFor();
    expect(await tile(page, 'Requests')).toBe((await service.result(id)).totals.requests);
    expect(problems).toEqual([]);
  });

  test('shows the workers of a past run over its time, also in the next master', async () => {
    const id = await begin('steady');
    await eventually(async () => {
      const { workers } = await service.client.run(id).workerHistories();
      return workers.length === 2 && workers.every(({ points }) => points.length > 2) ? true : undefined;
    });
    await service.client.run(id).stop();
    const result = await service.result(id);
    await service.master.prints(new RegExp(`${id.slice(0, 8)}\\] steady\\.ts has ended`));
    await service.kill();
    await service.startAgain();
    const { page, problems } = await openDashboard(browser, service.client.url, `#/run/${id}/workers`);
    for (const { id: name, state } of result.workers) {
      const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
      await row.getByRole('cell', { name: state, exact: true }).waitFor();
      const history = page.getByRole('region', { name: `History of ${name}` });
      await history.getByRole('img', { name: `CPU of ${name}` }).waitFor();
      await history.locator('.uplot canvas').first().waitFor();
      await history.getByText(/lane 0 running\./).waitFor();
    }
    expect(await violationsOf(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('lists past runs, compares two and deletes one', async () => {
    const { runs } = await service.client.runs();
    expect(runs.length).toBeGreaterThanOrEqual(3);
    const { page, problems } = await openDashboard(browser, service.client.url, '#/runs');
    await page.getByRole('checkbox').nth(0).check();
    await page.getByRole('checkbox').nth(1).check();
    await page.getByRole('button', { name: 'Compare two' }).click();
    await page.getByRole('heading', { name: 'Comparison' }).waitFor();
    await page.getByRole('rowheader', { name: 'p95' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Delete' }).last().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await eventually(async () => (await service.client.runs()).runs.length === runs.length - 1 || undefined);
    expect(problems).toEqual([]);
  });

  test.each([
    ['wide', 1_366],
    ['narrow', 360],
  ])('has no violations of accessibility rules, %s', async (_, width) => {
    const { page } = await openDashboard(browser, service.client.url, '#/run/current/overview', width);
    for (const key of ['1', '2', '3', '4', '5', '6']) {
      await page.locator(`.tabs [data-key="${key}"]`).click();
      await page.waitForTimeout(500);
      expect([key, ...(await violationsOf(page))]).toEqual([key]);
    }
    // A link shows the tab that it names, although not all tabs fit on a phone.
    const linked = await openDashboard(browser, service.client.url, '#/run/current/log', width);
    await linked.page.locator('.tabs [data-key="6"][aria-current]').waitFor();
    const { x, width: tabWidth } = (await linked.page.locator('.tabs [data-key="6"]').boundingBox())!;
    expect([x >= 0, x + tabWidth <= width]).toEqual([true, true]);
    // Nothing is wider than the screen.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});

needing('chromium')('the dashboard of a master with a key', () => {
  test('offers the run file only to a token for administration, also when another run is current', async () => {
    const key = MasterKey.generate();
    const env = { DRUMLINE_KEY: key.text, DRUMLINE_TOKEN: key.workerToken.text };
    const browser = await startChromium();
    const target = await startTarget();
    try {
      await using service = await Service.start([], env);
      await service.addWorkers('w1');
      const id = await service.submitted('quick', target, ['--iterations', '40']);
      await service.ended(id);
      let last: Page | undefined;
      for (const role of ['view', 'run', 'admin'] as const) {
        const token = `#token=${key.roleTokens[role]}`;
        const { page, problems } = await openDashboard(browser, service.client.url, token);
        last = page;
        await page.getByText('Download', { exact: true }).click();
        await page.getByRole('button', { name: 'Markdown' }).waitFor();
        const offered = await page.getByRole('button', { name: 'Run file' }).count();
        expect([role, offered]).toEqual([role, role === 'admin' ? 1 : 0]);
        expect(problems).toEqual([]);
      }
      const other = await service.submitted('steady', target);
      await service.until(other, ({ state }) => state === 'running');
      const [file] = await Promise.all([
        last!.waitForEvent('download'),
        last!.getByRole('button', { name: 'Run file' }).click(),
      ]);
      expect(file.suggestedFilename()).toContain(`-${id.slice(0, 8)}.db`);
    } finally {
      await browser.close();
      await target.close();
    }
  });

  test('asks for a token, and shows no controls to a token for reading', async () => {
    const key = MasterKey.generate();
    const env = { DRUMLINE_KEY: key.text, DRUMLINE_TOKEN: key.workerToken.text };
    const browser = await startChromium();
    try {
      await using service = await Service.start(['--api', '0.0.0.0:0'], env);
      const port = new URL(service.client.url).port;
      const url = `http://127.0.0.1:${port}`;
      const { page, problems } = await openDashboard(browser, url);
      await page.getByLabel('Token').fill('wrong');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByLabel('Token').fill(key.roleTokens.view!);
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('link', { name: 'All runs' }).click();
      await page.getByText('No runs.').waitFor();
      expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0);
      // The token in a link is removed from the address at once.
      const linked = await openDashboard(browser, url, `#token=${key.roleTokens.admin}`);
      await linked.page.getByRole('link', { name: 'All runs' }).waitFor();
      expect(linked.page.url()).not.toContain('token');
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
