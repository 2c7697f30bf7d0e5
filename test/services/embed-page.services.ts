// The form of the service in examples/embed, in a real browser.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { serveHttp, type TestServer } from '../contract/support/servers.js';
import { startChromium } from '../support/chromium.js';
import { needing } from '../support/programs.js';

const SERVICE = fileURLToPath(new URL('../../examples/embed/service.mjs', import.meta.url));

needing('chromium')('the page of examples/embed', () => {
  let browser: Browser;
  let service: ChildProcess;
  let target: TestServer;
  let url: string;

  beforeAll(async () => {
    browser = await startChromium();
    target = await serveHttp((_, response) => void response.end('{}'));
    service = spawn(process.execPath, [SERVICE, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(service.stdout!, 'data')) as [Buffer];
    url = /http:\S+/.exec(line.toString())![0];
  });
  afterAll(async () => {
    service.kill('SIGTERM');
    await once(service, 'exit');
    await browser.close();
    await target.close();
  });

  async function started(fields: Readonly<Record<string, string>>): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(url);
    for (const [name, value] of Object.entries(fields)) await page.fill(`input[name=${name}]`, value);
    await page.click('#start');
    return page;
  }

  const textOf = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText();

  test('starts a run, shows it live, changes its users and stops it', async () => {
    const before = target.requests;
    const page = await started({ target: target.origin, users: '2', seconds: '120' });
    await page.locator('#users', { hasText: /^2$/ }).waitFor();
    await page.locator('#rates path').first().waitFor({ state: 'attached' });
    expect(Number(await textOf(page, 'rate'))).toBeGreaterThan(0);
    expect(await textOf(page, 'p95')).toMatch(/^\d+ ms$/);
    await page.click('#more');
    await page.locator('#users', { hasText: /^4$/ }).waitFor();
    await page.click('#stop');
    await page.locator('#verdict', { hasText: 'The run was stopped by hand' }).waitFor();
    // What the page shows at the end is what the target has seen.
    expect(Number((await textOf(page, 'requests')).replaceAll(',', ''))).toBe(target.requests - before);
    expect(await textOf(page, 'failures')).toBe('0');
    expect(await page.locator('#stop').isDisabled()).toBe(true);
  });

  test('shows every problem of the form, and can start again', async () => {
    const page = await started({ target: 'nonsense', users: '2', seconds: '5' });
    await page.locator('#error', { hasText: "target: 'nonsense' is not an http or https URL" }).waitFor();
    expect(await page.locator('#live').isHidden()).toBe(true);
    expect(await page.locator('#start').isEnabled()).toBe(true);
  });
});
