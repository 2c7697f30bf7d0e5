// `drumline/client` in a page of another origin, in a real browser, as a platform uses it.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { checkScenario } from '@drumline/scenario/project';
import type { Submission } from '@drumline/client';
import { MasterKey } from '@drumline/wire/security';
import { serveHttp } from '../contract/support/servers.js';
import { startChromium } from '../support/chromium.js';
import { scenarioPath } from '../support/drumline.js';
import { needing } from '../support/programs.js';
import { Service } from '../support/service.js';

const CLIENT = fileURLToPath(new URL('../../packages/drumline/dist/client.js', import.meta.url));
const PAGE = new URL('browser/platform.html', import.meta.url);

/** What the page gets from the server of the platform. */
interface PageRun {
  url: string;
  token?: string;
  code: string;
  submission: Submission;
}

/** A server of a platform, with the page and the bundled client. */
async function servePlatform() {
  const run: Partial<PageRun> = {};
  const html = await readFile(PAGE);
  const bundled = await build({
    entryPoints: [CLIENT],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  });
  const files: Readonly<Record<string, [type: string, content: () => string | Uint8Array]>> = {
    '/': ['text/html', () => html],
    '/client.js': ['text/javascript', () => bundled.outputFiles[0]!.contents],
    '/run.json': ['application/json', () => JSON.stringify(run)],
  };
  const server = await serveHttp((request, response) => {
    const [type, content] = files[request.url ?? ''] ?? ['text/plain', () => ''];
    response.writeHead(200, { 'content-type': type }).end(content());
  });
  return { origin: server.origin, run, close: () => server.close() };
}

needing('chromium')('drumline/client in a browser', () => {
  const key = MasterKey.generate();
  const cleanups: (() => unknown)[] = [];
  let browser: Browser;
  let service: Service;
  let target: Awaited<ReturnType<typeof serveHttp>>;
  let platform: Awaited<ReturnType<typeof servePlatform>>;
  let stranger: typeof platform;

  beforeAll(async () => {
    browser = await startChromium();
    cleanups.push(() => browser.close());
    target = await serveHttp((_, response) => void response.end('{}'));
    [platform, stranger] = [await servePlatform(), await servePlatform()];
    for (const server of [target, platform, stranger]) cleanups.push(() => server.close());
    const env = { DRUMLINE_KEY: key.text, DRUMLINE_TOKEN: key.workerToken.text };
    service = await Service.start(['--api-allow-origin', platform.origin], env);
    cleanups.push(() => service[Symbol.asyncDispose]());
    await service.addWorkers('w1');
    const overrides = { target: target.origin, users: 2 };
    const { bundle, plan } = await checkScenario(scenarioPath('steady'), overrides, { types: false });
    const { tables: _, ...withoutTables } = plan;
    const bundled = { id: bundle.id, size: Buffer.byteLength(bundle.code) };
    const submission = { scenario: 'steady.ts', bundle: bundled, plan: withoutTables };
    for (const { run } of [platform, stranger])
      Object.assign(run, { url: service.client.url, code: bundle.code, submission });
  });
  afterAll(async () => {
    while (cleanups.length > 0) await cleanups.pop()!();
  });

  /** Opens the page of a platform, and presses its button. */
  async function started({ origin }: typeof platform): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(origin);
    await page.click('#start');
    return page;
  }

  /** The text of an element, once it has one. */
  async function shown(page: Page, id: string): Promise<string> {
    const element = page.locator(`#${id}:not(:empty)`);
    return await element.innerText({ timeout: 30_000 }).catch(async (error: unknown) => {
      throw new Error(`no #${id} in: ${await page.locator('body').innerText()}`, { cause: error });
    });
  }

  test('a page of an allowed origin submits a run, follows it, changes and stops it', async () => {
    platform.run.token = key.apiTokens.run.text;
    const page = await started(platform);
    const end = JSON.parse(await shown(page, 'end')) as { runId: string; verdict: string; requests: number };
    expect(end).toMatchObject({ verdict: 'passed', requests: target.requests });
    expect(target.requests).toBeGreaterThan(10);
    expect(await shown(page, 'state')).toBe('finished');
    expect(await service.result(end.runId)).toMatchObject({ totals: { requests: end.requests } });
    expect(await page.locator('#error').innerText()).toBe('');
  });

  test('a wrong token and a missing role are errors that the page can read', async () => {
    delete platform.run.token;
    expect(await shown(await started(platform), 'error')).toBe(
      'token-missing: the control API needs a token',
    );
    platform.run.token = key.apiTokens.view.text;
    expect(await shown(await started(platform), 'error')).toMatch(/^role-missing: this needs a token for /);
  });

  test('the browser refuses a page of any other origin, also with a token', async () => {
    stranger.run.token = key.apiTokens.admin.text;
    const before = (await service.client.runs()).runs.length;
    expect(await shown(await started(stranger), 'error')).toMatch(/^unreachable: no master answers at /);
    expect((await service.client.runs()).runs).toHaveLength(before);
  });
});
