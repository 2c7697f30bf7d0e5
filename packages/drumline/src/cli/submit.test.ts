import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { VERSION } from '@drumline/wire';
import { runCli } from '../../test/run-cli.js';

const scenario = fileURLToPath(new URL('../../../../test/scenarios/quick.ts', import.meta.url));

/** A server that answers as the health of a master does. */
async function healthOf(health: object) {
  const seen: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    seen.push(url);
    response.end(JSON.stringify(health));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { api: `127.0.0.1:${port}`, seen, [Symbol.asyncDispose]: async () => void server.close() };
}

test.each([
  [{ mode: 'run', version: VERSION }, 11, 'has one run and ends with it'],
  [{ mode: 'serve', version: '0.0.1' }, 8, 'has Drumline 0.0.1, and this command has'],
])('a run is not sent to a master that answers %j', async (health, exit, message) => {
  await using master = await healthOf(health);
  const { exitCode, stderr } = await runCli(['submit', scenario, '--api', master.api]);
  expect([exitCode, stderr]).toEqual([exit, expect.stringContaining(message)]);
  expect(master.seen).toEqual(['/v1/health']);
});

test('mistakes are reported before the master is asked', async () => {
  await using master = await healthOf({});
  const { exitCode } = await runCli(['submit', scenario, '--api', master.api, '--threshold', 'p99 <']);
  expect(exitCode).not.toBe(0);
  expect(master.seen).toEqual([]);
});

test('without a master, the hint says how to start one', async () => {
  const { exitCode, stderr } = await runCli(['submit', scenario, '--api', '127.0.0.1:9']);
  expect([exitCode, stderr]).toEqual([7, expect.stringContaining('drumline serve')]);
});
