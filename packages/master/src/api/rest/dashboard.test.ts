import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MasterKey } from '@drumline/wire/security';
import { serveApi } from '../../../../../test/support/control-api.js';

const TOKENS = MasterKey.generate().roleTokens;
const PAGE = '<!doctype html><title>Dashboard</title>';
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drumline-dashboard-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), PAGE);
  await writeFile(join(directory, 'assets/app-0123.js'), 'start();');
});
afterAll(() => rm(directory, { recursive: true }));

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('a browser', () => {
  test('gets the page and its files without a token, also by a link on another page', async () => {
    await using api = await serveApi({
      access: { token: TOKENS, tokenOnLoopback: true, dashboard: directory },
    });
    for (const site of ['none', 'cross-site']) {
      const response = await fetch(`${api.url}/?x=1`, { headers: { ...asBrowser, 'sec-fetch-site': site } });
      expect([response.status, await response.text()]).toEqual([200, PAGE]);
      const policy = response.headers.get('content-security-policy')!;
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
    const asset = await fetch(`${api.url}/assets/app-0123.js`);
    expect([asset.status, await asset.text()]).toEqual([200, 'start();']);
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('cache-control')).toContain('immutable');
  });

  test.each([
    '/assets/none.js',
    '/assets/..%2Findex.html',
    '/assets/',
    '/index.html',
    '/assets/../../package.json',
  ])('gets nothing else: %s', async (path) => {
    await using api = await serveApi({
      access: { token: TOKENS, tokenOnLoopback: true, dashboard: directory },
    });
    const response = await fetch(api.url + path, { headers: asBrowser });
    expect(response.status).toBe(401);
  });

  test('still needs the token for everything that the page shows', async () => {
    await using api = await serveApi({
      access: { token: TOKENS, tokenOnLoopback: true, dashboard: directory },
    });
    const response = await fetch(`${api.url}/v1/access`, { headers: asBrowser });
    expect(response.status).toBe(401);
  });
});

test('a program gets the list of paths', async () => {
  await using api = await serveApi({ access: { token: null, dashboard: directory } });
  expect(await (await fetch(`${api.url}/`)).json()).toMatchObject({
    name: 'drumline',
    openapi: '/openapi.json',
  });
});

test('a token shows what it allows', async () => {
  await using api = await serveApi({ access: { token: TOKENS, tokenOnLoopback: true } });
  const roles = await Promise.all(
    (['view', 'run', 'admin'] as const).map(async (role) => {
      const headers = { authorization: `Bearer ${TOKENS[role]}` };
      return (await (await fetch(`${api.url}/v1/access`, { headers })).json()) as object;
    }),
  );
  expect(roles).toEqual([{ role: 'view' }, { role: 'run' }, { role: 'admin' }]);
});
