import { failureHint } from '@drumline/model';
import { createUndiciEngine, type UndiciEngineOptions } from '@drumline/drivers/undici';
import { describe, expect, test } from '@jest/globals';
import { failed, get, response, text } from './http-engine/bench.js';
import { makeCertificate } from './support/certificates.js';
import { closeAfterEach, until } from './support/closing.js';
import { promised } from './support/promised.js';
import { serveProxy, type TestProxy } from './support/proxy.js';
import { bodyOf, closedPort, serveHttp, serveHttps, serveRaw, type TestServer } from './support/servers.js';

const identity = makeCertificate({ commonName: 'server', hosts: ['shop.example'] });
const closing = closeAfterEach();

async function sessionThrough(port: number, more: Partial<UndiciEngineOptions> & { login?: string } = {}) {
  const { login = '', ...options } = more;
  const proxy = `http://${login}127.0.0.1:${port}`;
  const engine = promised(
    createUndiciEngine({ now: () => performance.now(), tls: { ca: identity.cert }, ...options, proxy }),
  );
  await closing(engine);
  return engine.openSession();
}

/** The same target without and with TLS, under a name that only the proxy can reach. */
const KINDS: [string, (proxy?: TestProxy) => Promise<{ server: TestServer; origin: string }>][] = [
  [
    'http',
    async () => {
      const server = await closing(
        serveHttp((request, reply) => void bodyOf(request).then((body) => reply.end(body))),
      );
      return { server, origin: `http://shop.example:${server.port}` };
    },
  ],
  [
    'https',
    async () => {
      const server = await closing(
        serveHttps(identity, (request, reply) => void bodyOf(request).then((body) => reply.end(body))),
      );
      return { server, origin: `https://shop.example:${server.port}` };
    },
  ],
];

describe.each(KINDS)('the undici engine through a proxy, to %s', (scheme, serve) => {
  const secure = scheme === 'https';

  test('consecutive requests arrive on one connection', async () => {
    const { server, origin } = await serve();
    const proxy = await closing(serveProxy());
    const session = await sessionThrough(proxy.port);
    for (const word of ['one', 'two']) {
      const result = await session.exchange(
        get(origin, { method: 'POST', path: '/a?b', body: Buffer.from(word) }),
      ).done;
      expect(text(result)).toBe(word);
    }
    const line = secure ? `CONNECT shop.example:${server.port}` : `POST ${origin}/a?b`;
    expect(proxy.asked).toEqual(secure ? [line] : [line, line]);
    expect([proxy.connections, server.requests]).toEqual([1, 2]);
  });

  test('only the proxy receives its user and password', async () => {
    const { origin } = await serve();
    const proxy = await closing(serveProxy());
    const session = await sessionThrough(proxy.port, { login: 'us%40er:p%3Aw@' });
    expect(response(await session.exchange(get(origin)).done).status).toBe(200);
    expect(proxy.asked[0]).toMatch(new RegExp(` Basic ${Buffer.from('us@er:p:w').toString('base64')}$`));
  });

  test('a proxy that rejects the credentials is a clear failure', async () => {
    const { server, origin } = await serve();
    const proxy = await closing(serveProxy(() => 407));
    const session = await sessionThrough(proxy.port);
    expect(failed(await session.exchange(get(origin)).done)).toMatchObject({
      sent: !secure,
      failure: {
        class: 'refused',
        code: 'PROXY_407',
        message: 'proxy: user or password missing or wrong (status 407)',
      },
    });
    expect(failureHint('proxy: user or password missing or wrong (status 407)')).toContain('http.proxy');
    expect(server.requests).toBe(0);
  });

  test('an unreachable proxy is distinguished from an unreachable target', async () => {
    const { origin } = await serve();
    const session = await sessionThrough(await closedPort());
    expect(failed(await session.exchange(get(origin)).done)).toMatchObject({
      sent: false,
      failure: { class: 'refused', code: 'ECONNREFUSED', message: 'proxy: connection refused' },
    });
  });

  test('the connect time includes the handshake with the target', async () => {
    const { origin } = await serve();
    const proxy = await closing(serveProxy());
    const session = await sessionThrough(proxy.port);
    const first = await session.exchange(get(origin, { keepAlive: false })).done;
    const second = await session.exchange(get(origin)).done;
    expect(first.timing.opened!.tls?.resumed).toBe(secure ? false : undefined);
    expect(second.timing.opened!.tls?.resumed).toBe(secure ? true : undefined);
    expect(first.timing.opened!.tlsMs > 0).toBe(secure);
  });
});

describe('the undici engine’s tunnels', () => {
  const origin = 'https://shop.example:8443';

  test('a proxy that does not reach the target', async () => {
    const proxy = await closing(serveProxy(() => 502));
    const session = await sessionThrough(proxy.port);
    expect(failed(await session.exchange(get(origin)).done)).toMatchObject({
      sent: false,
      failure: {
        class: 'refused',
        code: 'PROXY_502',
        message: 'proxy: it does not connect to the target (status 502)',
      },
    });
  });

  test('a proxy that closes the connection', async () => {
    const server = await closing(serveRaw((socket) => socket.once('data', () => socket.end())));
    const session = await sessionThrough(server.port);
    expect(failed(await session.exchange(get(origin)).done)).toMatchObject({
      sent: false,
      failure: { class: 'reset', message: 'proxy: connection closed without a response' },
    });
  });

  test.each([
    ['that never answers', ''],
    ['whose target never completes the handshake', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('the connect timeout of a proxy %s', async (_, answer) => {
    const server = await closing(serveRaw((socket) => socket.once('data', () => socket.write(answer))));
    const session = await sessionThrough(server.port);
    const result = await session.exchange(get(origin, { timeouts: { connectMs: 120 } })).done;
    expect(failed(result)).toMatchObject({
      sent: false,
      failure: { code: 'TIMEOUT_CONNECT', message: 'connect timeout after 120ms' },
    });
    await server.drained();
  });

  test('a request cancelled while the tunnel is opened closes its socket', async () => {
    const server = await closing(serveRaw(() => {}));
    const exchange = (await sessionThrough(server.port)).exchange(get(origin));
    await until(() => server.connections === 1);
    exchange.cancel('stop');
    expect(failed(await exchange.done)).toMatchObject({ sent: false, failure: { class: 'aborted' } });
    await server.drained();
  });

  test('an untrusted certificate is rejected', async () => {
    const server = await closing(serveHttps(identity, (_, reply) => reply.end()));
    const proxy = await closing(serveProxy());
    const session = await sessionThrough(proxy.port, { tls: {} });
    expect(failed(await session.exchange(get(`https://shop.example:${server.port}`)).done)).toMatchObject({
      sent: false,
      failure: { class: 'tls', message: 'TLS: self-signed certificate' },
    });
  });
});

describe('options of the undici engine', () => {
  const now = (): number => 0;

  test.each(['proxy:3128', 'https://proxy', 'http://proxy/path', '', 'socks5://proxy'])(
    '‘%s’ is not a proxy',
    (proxy) => {
      expect(() => createUndiciEngine({ now, proxy })).toThrow(
        `'${proxy}' is not a valid proxy: write it as 'http://user:password@proxy:3128'`,
      );
    },
  );

  test('an unusable proxy is named without its password', () => {
    expect(() => createUndiciEngine({ now, proxy: 'https://me:secret@proxy' })).toThrow(
      /^'https:\/\/…@proxy' is not a valid proxy:/,
    );
  });

  test.each([
    [{ sharedConnections: 4 }, 'cannot share connections between users: remove sharedConnections'],
    [{ version: '2' as const }, "cannot use HTTP/2: remove version '2'"],
    [{ tls: { alpn: ['h2'] } }, "cannot use HTTP/2: remove 'h2' from tls.alpn"],
  ])('%j is rejected', (options, message) => {
    expect(() => createUndiciEngine({ now, ...options })).toThrow(`the engine 'undici' ${message}`);
  });
});
