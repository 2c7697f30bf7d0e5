// Tests the proxy that other tests use between a worker and its master.
import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from '@jest/globals';
import { startProxy } from '../support/network.js';
import { closeAfterEach, until, wait } from './support/closing.js';
import { serveRaw } from './support/servers.js';

const open = closeAfterEach();

/** A connection through a proxy to an echo server. */
async function echo() {
  const target = await open(serveRaw((socket) => void socket.pipe(socket)));
  const proxy = await open(startProxy(target.port));
  const dial = async () => {
    const socket = net.connect(proxy.port, '127.0.0.1');
    await open({ close: () => socket.destroy() });
    const got = { text: '', error: '', closed: false };
    socket.setEncoding('utf8').on('data', (text) => (got.text += String(text)));
    socket.on('error', (error: NodeJS.ErrnoException) => (got.error = error.code!));
    socket.on('close', () => (got.closed = true));
    await once(socket, 'connect');
    return { socket, got };
  };
  return { target, proxy, dial };
}

test('a silent cut is invisible, even to new connections, and sent data arrives afterwards', async () => {
  const { target, proxy, dial } = await echo();
  const first = await dial();
  first.socket.write('a');
  await until(() => first.got.text === 'a');
  proxy.cut();
  const second = await dial();
  first.socket.write('b');
  second.socket.write('c');
  await wait(100);
  expect([first.got, second.got].map(({ text, closed }) => [text, closed])).toEqual([
    ['a', false],
    ['', false],
  ]);
  expect(target.connections).toBe(1);
  proxy.mend();
  await until(() => first.got.text === 'ab' && second.got.text === 'c');
});

test('a hard cut resets every connection, including new ones, until it ends', async () => {
  const { proxy, dial } = await echo();
  const before = await dial();
  proxy.cut('hard');
  await until(() => before.got.closed);
  expect(before.got.error).toBe('ECONNRESET');
  const during = net.connect(proxy.port, '127.0.0.1').on('error', () => {});
  await new Promise((resolve) => during.on('close', resolve));
  proxy.mend();
  const after = await dial();
  after.socket.write('a');
  await until(() => after.got.text === 'a');
});

test('delayed or throttled data arrives complete and in order', async () => {
  const { proxy, dial } = await echo();
  proxy.delay(20);
  proxy.throttle(2_000_000);
  const { socket, got } = await dial();
  const text = Array.from({ length: 40_000 }, (_, i) => `${i} `).join('');
  socket.write(text.slice(0, 1_000));
  await wait(5);
  socket.end(text.slice(1_000));
  await until(() => got.closed);
  expect(got.text).toBe(text);
  expect(proxy.bytes).toBe(2 * text.length);
});
