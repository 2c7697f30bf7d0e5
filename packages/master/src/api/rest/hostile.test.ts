import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { serveApi } from '../../../../../test/support/control-api.js';

/** Sends raw bytes. @returns the response until the connection is closed */
async function sendRaw(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
  const socket = open(port);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  for (const piece of pieces) socket.write(piece);
  await closeOf(socket);
  return answer;
}

/** Resolves on close, even after an error, unlike `once`. */
function closeOf(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('close', resolve));
}

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}

const HOST = 'Host: 127.0.0.1\r\n';
const closing = `${HOST}Connection: close\r\n`;

async function requireWell(url: string): Promise<void> {
  expect((await fetch(`${url}/v1/runs/current/status`)).status).toBe(200);
}

describe('an order whose body', () => {
  test.each([
    ['is incomplete', '{"users":', 400],
    ['is empty', '', 400],
    ['is not an object', '[1]', 400],
    ['is null', 'null', 400],
    ['has a string for a number', '{"users":"5"}', 400],
    ['has an infinite number', '{"users":1e999}', 400],
    ['sets the prototype', '{"users":5,"__proto__":{"polluted":1}}', 400],
    ['sets the constructor', '{"users":5,"constructor":{"prototype":{"polluted":1}}}', 400],
    ['is nested deeply', `{"users":${'['.repeat(1_900)}${']'.repeat(1_900)}}`, 400],
    ['is not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400],
    ['is huge', `{"users":5,"x":"${'x'.repeat(1_000_000)}"}`, 413],
  ])('%s is rejected and changes nothing', async (_what, body, status) => {
    await using api = await serveApi();
    const response = await fetch(`${api.url}/v1/runs/current/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: expect.stringMatching(/./) });
    expect(api.run.orders).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
    await requireWell(api.url);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    undefined,
  ])('has the type %s is rejected', async (type) => {
    await using api = await serveApi();
    const typed = type === undefined ? '' : `Content-Type: ${type}\r\n`;
    for (const path of ['stop', 'users']) {
      const answer = await sendRaw(
        api.port,
        `POST /v1/runs/current/${path} HTTP/1.1\r\n${closing}${typed}Content-Length: 11\r\n\r\n{"users":1}`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 415 /);
    }
    expect(api.run.orders).toEqual([]);
  });
});

describe('an invalid request', () => {
  test.each<[string, string | Buffer]>([
    ['noise', Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 37) % 256))],
    ['a TLS handshake', Buffer.from('16030100a5010000a103035d', 'hex')],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [
      'two lengths',
      `POST /v1/runs/current/stop HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    ],
    [
      'both a length and chunks',
      `POST /v1/runs/current/stop HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a negative length', `POST /v1/runs/current/stop HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`],
    ['a NUL in a header', `GET /v1/runs/current/status HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`],
    ['no host', 'GET /v1/runs/current/status HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['endless headers', `GET /v1/runs/current/status HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(20_000)}`],
  ])('(%s) gets an error or no answer, and the API continues', async (_what, bytes) => {
    await using api = await serveApi();
    expect(await sendRaw(api.port, bytes)).toMatch(/^(?:HTTP\/1\.1 4\d\d .*|)$/m);
    expect(api.run.orders).toEqual([]);
    await requireWell(api.url);
  });

  test.each([
    '/../../etc/passwd',
    '/v1/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//v1/runs/current/status',
    '/v1/runs/current/status%00',
  ])('the path %s is not found', async (path) => {
    await using api = await serveApi();
    expect(await sendRaw(api.port, `GET ${path} HTTP/1.1\r\n${closing}\r\n`)).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  test.each(['DELETE', 'PUT', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND'])(
    'the method %s does nothing',
    async (method) => {
      await using api = await serveApi();
      const answer = await sendRaw(api.port, `${method} /v1/runs/current/stop HTTP/1.1\r\n${closing}\r\n`);
      expect(answer).toMatch(/^(?:HTTP\/1\.1 4\d\d .*|)$/m);
      expect(api.run.orders).toEqual([]);
      await requireWell(api.url);
    },
  );
});

describe('a slow client', () => {
  const limits = { headersTimeoutMs: 200, requestTimeoutMs: 400, checkEveryMs: 50 };

  test.each([
    ['that sends nothing', ''],
    ['that sends half of the headers', `POST /v1/runs/current/users HTTP/1.1\r\n${HOST}Content-`],
    [
      'that sends half of a body',
      `POST /v1/runs/current/users HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 11\r\n\r\n{"us`,
    ],
  ])('%s is disconnected', async (_what, bytes) => {
    await using api = await serveApi({ access: { limits } });
    expect(await sendRaw(api.port, bytes)).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  test('that sends one byte at a time is disconnected', async () => {
    await using api = await serveApi({ access: { limits } });
    const socket = open(api.port);
    const closed = closeOf(socket);
    const dripping = setInterval(() => socket.write('x'), 20);
    socket.write(
      `POST /v1/runs/current/users HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n`,
    );
    await closed;
    clearInterval(dripping);
    expect(api.run.orders).toEqual([]);
  });
});

describe('many connections', () => {
  test('that are idle are closed, the least recently active first, and requests are answered', async () => {
    await using api = await serveApi({ access: { limits: { maxConnections: 20 } } });
    const crowd: Socket[] = [];
    for (let round = 0; round < 20; round += 1) {
      for (let index = 0; index < 30; index += 1) crowd.push(open(api.port));
      await requireWell(api.url);
    }
    const held = (): number => crowd.filter(({ destroyed }) => !destroyed).length;
    while (held() > 20) await sleep(10);
    expect(held()).toBeGreaterThan(10);
    await requireWell(api.url);
    expect(api.refused.length).toBeGreaterThanOrEqual(580);
    expect(api.refused[0]).toEqual(['idler', 'too many connections were open']);
    for (const socket of crowd) socket.destroy();
  });

  test('that transfer something are closed last', async () => {
    await using api = await serveApi({ access: { limits: { maxConnections: 10 } } });
    const slow = open(api.port);
    const head = 'POST /v1/runs/current/users HTTP/1.1\r\nContent-Type: application/json\r\n';
    slow.write(`${head}${HOST}Content-Length: 4000\r\nExpect: 100-continue\r\n\r\n`);
    await once(slow, 'data');
    const crowd = Array.from({ length: 50 }, () => open(api.port));
    await requireWell(api.url);
    while (crowd.filter(({ destroyed }) => !destroyed).length > 9) await sleep(10);
    expect(slow.destroyed).toBe(false);
    // Not even they can block new requests.
    const many = Array.from({ length: 50 }, () => open(api.port));
    for (const socket of many)
      socket.write(`${head}${HOST}Content-Length: 4000\r\nExpect: 100-continue\r\n\r\n`);
    await requireWell(api.url);
    while (!slow.destroyed) await sleep(10);
    for (const socket of [...crowd, ...many]) socket.destroy();
  });

  test('with event streams may take half of the limit and are kept', async () => {
    await using api = await serveApi({ access: { limits: { maxConnections: 10 } } });
    const listeners = Array.from({ length: 5 }, () => open(api.port));
    for (const socket of listeners) socket.write(`GET /v1/runs/current/events HTTP/1.1\r\n${HOST}\r\n`);
    await Promise.all(listeners.map((socket) => once(socket, 'data')));
    const sixth = await sendRaw(api.port, `GET /v1/runs/current/events HTTP/1.1\r\n${closing}\r\n`);
    expect(sixth).toMatch(/^HTTP\/1\.1 503 /);
    const crowd = Array.from({ length: 50 }, () => open(api.port));
    await requireWell(api.url);
    while (crowd.filter(({ destroyed }) => !destroyed).length > 5) await sleep(10);
    expect(listeners.map(({ destroyed }) => destroyed)).toEqual(listeners.map(() => false));
    expect(api.run.listeners.size).toBe(5);
    for (const socket of [...listeners, ...crowd]) socket.destroy();
  });
});
