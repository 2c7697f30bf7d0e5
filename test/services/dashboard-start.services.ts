// Runs are started, queued, canceled and compared in the dashboard, in a real browser.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ComparisonView } from '@drumline/client';
import { pastResult } from '@drumline/master/report';
import { MasterKey } from '@drumline/wire/security';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { startChromium } from '../support/chromium.js';
import { Drumline, eventually } from '../support/drumline.js';
import { needing } from '../support/programs.js';
import { Service } from '../support/service.js';
import { openDashboard, tile, violationsOf } from './dashboard/page.js';

const SHOP = `// A shop with visitors.
import { iterations, param, scenario, user } from 'drumline';

const page = param('page', { choices: ['home', 'cart'], default: 'home', help: 'what is loaded' });
const count = param('count', { default: 20, min: 1, max: 500 });
const password = param('password', { secret: true });

const visitor = user('visitor', {
  tasks: { load: async ({ http }) => void (await http.get('/' + page, { headers: { 'x-test': String(password) } })) },
});
export default scenario({ name: 'Web shop', users: [visitor], load: iterations({ total: count, users: 2 }), thresholds: ['error rate < 1%'] });
`;
const ENDLESS = `import { constant, scenario, user } from 'drumline';
const visitor = user('visitor', {
  wait: constant('50ms'),
  tasks: { load: async ({ http }) => void (await http.get('/')) },
});
export default scenario({ users: [visitor] });
`;
const PASSWORD = 'kX9-7q-z-Lm42Tr';

/** Tabs to an element, as somebody without a mouse does, and fails if it is not reached. */
async function tabTo(page: Page, label: string): Promise<void> {
  const wanted = page.getByLabel(label, { exact: true }).or(page.getByRole('button', { name: label }));
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.first().evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${label}`);
}

needing('chromium')('starting runs in the dashboard', () => {
  let browser: Browser;
  let service: Service;
  let target: TestServer;
  let directory: string;
  let delayMs = 0;

  beforeAll(async () => {
    browser = await startChromium();
    target = await serveHttp((_, response) => void setTimeout(() => response.end('{}'), delayMs));
    directory = await mkdtemp(join(tmpdir(), 'drumline-scenarios-'));
    await mkdir(join(directory, 'checkout'));
    await writeFile(join(directory, 'checkout', 'shop.ts'), SHOP);
    await writeFile(join(directory, 'endless.ts'), ENDLESS);
    service = await Service.start(['--scenarios', directory]);
    await service.addWorkers('w1');
  });
  afterAll(async () => {
    await browser.close();
    await service[Symbol.asyncDispose]();
    await target.close();
    await rm(directory, { recursive: true, force: true });
  });

  const openForm = async (fragment = '#/new') => await openDashboard(browser, service.client.url, fragment);
  const runIdOf = (page: Page): string => /#\/run\/([0-9a-f-]{36})/.exec(page.url())![1]!;

  test('a run from the form has its parameters, and the target counts what page and report show', async () => {
    const before = target.requests;
    const { page, problems } = await openForm();
    // With the keyboard only.
    await tabTo(page, 'File');
    await page.keyboard.type('checkout');
    await page.getByText('A shop with visitors.').waitFor();
    await page.getByText('error rate < 1%').waitFor();
    await tabTo(page, 'page');
    await page.keyboard.type('cart');
    await tabTo(page, 'count');
    await page.keyboard.type('37');
    await tabTo(page, 'password');
    await page.keyboard.type(PASSWORD);
    await tabTo(page, 'Target');
    await page.keyboard.type(target.origin);
    await tabTo(page, 'Labels');
    await page.keyboard.type('branch=main, team=pay');
    expect(await violationsOf(page)).toEqual([]);
    expect(page.url()).toContain('p.count=37');
    expect(page.url()).not.toContain(PASSWORD);
    await tabTo(page, 'Start the run');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/run\/[0-9a-f-]{36}/);
    const heading = page.getByRole('heading', { name: 'Web shop', level: 1 });
    await heading.waitFor();
    const result = await service.result(runIdOf(page));
    await page.getByText('exit code').waitFor();
    await page.reload();
    await heading.waitFor();
    expect(await tile(page, 'Requests')).toBe(37);
    expect([result.totals.requests, target.requests - before]).toEqual([37, 37]);
    expect(result.series.map(({ name }) => name)).toEqual(['/cart']);
    expect(result.run).toMatchObject({ scenario: 'Web shop', labels: { branch: 'main', team: 'pay' } });
    expect(JSON.stringify(result) + service.master.output).not.toContain(PASSWORD);
    await page.getByText('Download', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV of seconds' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`drumline-${result.run.id.slice(0, 8)}.history.csv`);
    await page.getByText('Download', { exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Run file (SQLite)' }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^\\d+T\\d+Z-.*-${result.run.id.slice(0, 8)}\\.db$`));
    expect(pastResult(await file.path())).toEqual(result);
    // The form again, with everything but the secret.
    await page.getByRole('link', { name: 'Run again…' }).click();
    await page.getByLabel('count').waitFor();
    expect(await page.getByLabel('File', { exact: true }).inputValue()).toBe('checkout/shop.ts');
    expect(await page.getByLabel('count').inputValue()).toBe('37');
    expect(await page.getByLabel('Target').inputValue()).toBe(target.origin);
    expect(await page.getByLabel('Labels').inputValue()).toBe('branch=main, team=pay');
    expect(await page.getByLabel('password').inputValue()).toBe('');
    expect(problems).toEqual([]);
  });

  test('shows every problem of a plan at its field, and what was entered stays', async () => {
    const { page } = await openForm('#/new?scenario=checkout%2Fshop.ts&load=users');
    await page.getByLabel('Users', { exact: true }).fill('many');
    await page.getByLabel('count').fill('900');
    await page.getByRole('button', { name: 'Start the run' }).click();
    const summary = page.getByRole('alert', { name: 'Problems' });
    await summary.getByText('2 problems').waitFor();
    expect(await summary.innerText()).toMatch(/Users must be a whole number[^]*count "900" is more than/);
    for (const label of ['Users', 'count']) {
      const control = page.getByLabel(label, { exact: true });
      expect(await control.getAttribute('aria-invalid')).toBe('true');
    }
    expect(await page.getByLabel('count').inputValue()).toBe('900');
    await summary.getByRole('button', { name: 'Users' }).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('1');
    expect(await page.getByLabel('Users', { exact: true }).inputValue()).toBe('1');
    expect(await violationsOf(page)).toEqual([]);
    expect((await service.client.runs({ state: ['active'] })).runs).toEqual([]);
  });

  test('starts a file that is uploaded, and refuses one that imports others', async () => {
    const { page, problems } = await openForm();
    await page.getByLabel('Upload a file').check();
    const upload = async (text: string): Promise<void> =>
      await page
        .getByLabel('File', { exact: true })
        .setInputFiles({ name: 'own.ts', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await upload(`import { x } from './other.js';\nconsole.log(x);\n${SHOP}`);
    await page.getByText('an uploaded scenario is one file').waitFor();
    await upload(SHOP);
    await page.getByLabel('count').fill('11');
    await page.getByLabel('Target').fill(target.origin);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL(/#\/run\/[0-9a-f-]{36}/);
    const { run, totals } = await service.result(runIdOf(page));
    expect([run.scenario, totals.requests]).toEqual(['Web shop', 11]);
    expect(problems).toEqual([]);
  });

  test('shows the queue, starts a prepared run, and cancels one that waits', async () => {
    const { page, problems } = await openForm('#/new?scenario=endless.ts&hold=true');
    await page.getByLabel('Target').fill(target.origin);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL(/#\/run\//);
    const first = runIdOf(page);
    await page.getByRole('button', { name: 'Start…' }).click();
    await page.getByText('The worker begins the load.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await service.until(first, ({ state }) => state === 'running');
    const options = { target: target.origin };
    const second = await service.client.startScenario({ path: 'endless.ts', options });
    const third = await service.client.startScenario({ path: 'endless.ts', options });
    const current = await openForm('#/run/current/overview');
    await current.page.locator('.run-head code', { hasText: first.slice(0, 8) }).waitFor();
    const read: string[] = [];
    current.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/v1/runs/') && pathname !== '/v1/runs/current') read.push(pathname);
    });
    await page.goto(`${service.client.url}/#/run/${third.runId}/overview`);
    await page.getByText('Place 2 of 2 in the queue').waitFor();
    await page.getByText(`run ${first.slice(0, 8)} has`).waitFor();
    await page.keyboard.press('l');
    await page.getByText('place 1 of 2').waitFor();
    await page.getByRole('button', { name: `Cancel endless.ts ${second.runId.slice(0, 8)}` }).click();
    await page.getByText('leaves the queue, and never starts').waitFor();
    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByText('place 1 of 1').waitFor();
    expect(await service.ended(second.runId)).toMatchObject({ state: 'aborted' });
    expect(await violationsOf(page)).toEqual([]);
    // Each order of the run in progress says what will happen.
    await page.goto(`${service.client.url}/#/run/${first}/overview`);
    for (const [button, text, verb] of [
      ['Pause…', 'finishes its task, and then waits', 'Pause'],
      ['Resume…', 'begin their next task', 'Resume'],
      ['Reset…', 'is discarded', 'Reset'],
      ['Stop…', 'everything is counted', 'Stop the run'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByText(text).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: verb, exact: true }).click();
    }
    await service.ended(first);
    await service.until(third.runId, ({ state }) => state === 'running');
    expect(await current.page.locator('.run-head code').innerText()).toBe(first.slice(0, 8));
    for (const tab of ['Series', 'Errors', 'Workers', 'Overview'])
      await current.page.getByRole('button', { name: tab, exact: true }).click();
    await current.page.getByText('passed', { exact: true }).first().waitFor();
    // Only what asks for a newer run leaves the run open.
    expect(read.filter((path) => !path.startsWith(`/v1/runs/${first}`))).toEqual([]);
    await current.page.getByText(`${third.runId.slice(0, 8)} is the current run now.`).waitFor();
    await current.page.getByRole('button', { name: 'Show it' }).click();
    await current.page.locator('.run-head code', { hasText: third.runId.slice(0, 8) }).waitFor();
    expect(await violationsOf(current.page)).toEqual([]);
    await service.client.run(third.runId).stop();
    await service.ended(third.runId);
    expect(problems).toEqual([]);
  });

  test('compares two runs with the words of the command line, and leads to runs from their trend', async () => {
    const ids: string[] = [];
    // Far apart. A busy machine leaves so few seconds to compare that nothing is certain.
    for (const ms of [2, 300]) {
      delayMs = ms;
      const options = { target: target.origin, users: '4', 'run-time': '14s' };
      const { runId } = await service.client.startScenario({ path: 'endless.ts', options });
      expect(await service.ended(runId)).toMatchObject({ verdict: 'passed' });
      ids.push(runId);
    }
    delayMs = 0;
    const args = ['compare', ids[0]!, ids[1]!, '--data-dir', service.dataDir, '--json'];
    await using command = new Drumline(args);
    const told = JSON.parse((await command.ended).stdout) as ComparisonView;
    const { page, problems } = await openForm('#/runs');
    // With the keyboard only.
    for (const place of [0, 1]) {
      await page.getByRole('checkbox').nth(place).focus();
      await page.keyboard.press('Space');
    }
    await page.keyboard.press('c');
    const { meaning } = await service.client.compare({ baseline: ids[0]!, run: ids[1]! });
    await page.getByText(meaning).waitFor();
    expect([told.verdict, told.confidence]).toEqual([expect.stringMatching(/^(worse|cannot-tell)$/), 0.95]);
    await page.getByText('(confidence 95 %)').waitFor();
    await page.getByRole('img', { name: /^Shares of response times of both runs\. p50/ }).waitFor();
    const row = page.getByRole('region', { name: 'Table of statistics' }).getByRole('row', { name: /^p50/ });
    const { change, low, high } = told.totals.statistics.find(({ name }) => name === 'p50')!;
    const percentOf = (share: number): string => `+${(share * 100).toFixed(0)} %`;
    expect(change).toBeGreaterThan(0.1);
    const cells = (await row.innerText()).replaceAll(/\s+/g, ' ');
    // JSON has no NaN.
    const isCertain = low !== null && high !== null;
    expect(cells).toContain(
      `${percentOf(change!)} ${isCertain ? `${percentOf(low!)} to ${percentOf(high!)}` : '–'}`,
    );
    const worse = told.series.filter(({ verdict }) => verdict === 'worse');
    await page.getByRole('button', { name: `Slower or failing more (${worse.length})` }).click();
    await page.waitForURL(/verdict=worse/);
    expect(await page.getByRole('rowheader', { name: 'GET /' }).count()).toBe(worse.length);
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('l');
    const trend = page.getByRole('region', { name: 'Trend' });
    const points = trend.getByRole('group', { name: 'p95 of the last runs' }).getByRole('link');
    await points.last().focus();
    expect(await points.last().getAttribute('aria-label')).toMatch(/: \d+(\.\d+)? ms, passed$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`#/run/${ids[1]!}`));
    await page.getByText('exit code').waitFor();
    expect(problems).toEqual([]);
  });
});

needing('chromium')('the form of a master with a key', () => {
  test('is not shown to a token for reading, and the API refuses its runs', async () => {
    const key = MasterKey.generate();
    const env = { DRUMLINE_KEY: key.text, DRUMLINE_TOKEN: key.workerToken.text };
    const browser = await startChromium();
    try {
      await using service = await Service.start(['--api', '0.0.0.0:0'], env);
      const url = `http://127.0.0.1:${new URL(service.client.url).port}`;
      const { page } = await openDashboard(browser, url, `#token=${key.roleTokens.view}`);
      await page.getByRole('link', { name: 'All runs' }).click();
      await page.getByText('No runs.').waitFor();
      expect(await page.getByRole('link', { name: 'New run' }).count()).toBe(0);
      await page.goto(`${url}/#/new`);
      await page.getByText('This page starts no runs').waitFor();
      for (const path of ['start', 'inspect']) {
        const response = await fetch(`${url}/v1/scenarios/${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key.roleTokens.view}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'own.ts', text: SHOP }),
        });
        expect([response.status, await response.json()]).toEqual([
          403,
          expect.objectContaining({ code: 'role-missing' }),
        ]);
      }
      const may = await openDashboard(browser, url, `#token=${key.roleTokens.run}`);
      await may.page.getByRole('link', { name: 'New run' }).click();
      await eventually(async () => (await may.page.getByLabel('File').count()) > 0 || undefined);
    } finally {
      await browser.close();
    }
  });
});
