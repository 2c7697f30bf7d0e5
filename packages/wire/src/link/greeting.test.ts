import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { curveKeyPair, Router } from 'zeromq';
import { askMechanism } from './greeting.js';

test.each([
  ['NULL', '127.0.0.1', {}],
  ['CURVE', '127.0.0.1', { curveServer: true, curveSecretKey: curveKeyPair().secretKey }],
  ['NULL', '[::1]', { ipv6: true }],
])('a ZeroMQ port reports the mechanism %s, at %s', async (mechanism, host, options) => {
  const router = new Router({ linger: 0, ...options });
  try {
    await router.bind(`tcp://${host}:0`);
    expect(await askMechanism(router.lastEndpoint!)).toBe(mechanism);
  } finally {
    router.close();
  }
});

test.each([
  ['hangs up', ''],
  ['speaks another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['begins as ZeroMQ and goes on with nonsense', '\xff'.repeat(64)],
])('one that %s wants nothing that is known', async (_, words) => {
  const server = createServer((socket) => socket.on('error', () => {}).end(words, 'latin1'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    expect(await askMechanism(`tcp://127.0.0.1:${port}`)).toBeUndefined();
  } finally {
    server.close();
  }
});

test('without a valid reply there is no mechanism', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  try {
    expect(await askMechanism(`tcp://127.0.0.1:${port}`, 50)).toBeUndefined();
  } finally {
    silent.close();
  }
  expect(await askMechanism('tcp://127.0.0.1:1')).toBeUndefined();
  expect(await askMechanism('tcp://nonsense')).toBeUndefined();
});
