import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { closedPort } from '../support/servers.js';

// In its own process, because modules stay loaded.
const SCRIPT = `
  import { createRequire } from 'node:module';
  import { HttpDriver, WsDriver } from '@drumline/drivers';
  const isLoaded = () =>
    Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('/node_modules/ws/'));
  const options = { target: process.argv[1], now: () => performance.now(), onSample() {}, onLateFailure() {}, onTransfer() {} };
  const http = (await HttpDriver.open(options)).openClient({ user: 'viewer' });
  const ws = new WsDriver(options).openClient({ user: 'viewer' }, http);
  const before = isLoaded();
  await ws.connect('/').catch(() => {});
  console.log(JSON.stringify([before, isLoaded()]));
`;

test('the first connection loads the library, so that it does not slow the start of every lane', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    SCRIPT,
    `http://127.0.0.1:${await closedPort()}`,
  ]);
  expect(JSON.parse(stdout)).toEqual([false, true]);
});
