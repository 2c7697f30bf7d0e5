import type net from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { isCountedFailure } from '@drumline/drivers';
import { makeCertificate } from '../support/certificates.js';
import { answerRaw, closedPort, serveHttp, serveRaw, serveWebSockets } from '../support/servers.js';
import { inShort, upgrade, wsBench } from './bench.js';

const bench = wsBench();

describe('a connection', () => {
  test('opens at a URL relative to the target, with the headers, cookies and protocols of its user', async () => {
    const seen: unknown[] = [];
    const { ws, http, samples, server } = await bench.serving(
      (_, { url, headers }) =>
        seen.push(url, headers.cookie, headers['user-agent'], headers['x-own'], headers.authorization),
      { handleProtocols: () => 'v2' },
    );
    http.cookies.set('sid', '7');
    http.auth({ bearer: 'secret' });
    const feed = await ws.connect('/feed?room=7', { headers: { 'X-Own': 'yes' }, protocols: ['v1', 'v2'] });
    expect(seen).toEqual(['/feed?room=7', 'sid=7', 'Drumline/1.2.3', 'yes', 'Bearer secret']);
    expect(feed).toMatchObject({ closed: false, protocol: 'v2', closeCode: undefined });
    expect(feed.url).toBe(`ws://127.0.0.1:${server.port}/feed?room=7`);
    expect(samples).toMatchObject([
      {
        series: {
          protocol: 'ws',
          method: 'CONNECT',
          name: '/feed',
          user: 'viewer',
          tags: [['region', 'eu']],
        },
        outcome: 'passed',
        status: 101,
        opened: [{ protocol: 'ws', tlsMs: 0 }],
      },
    ]);
    const { phases, durationUs, opened } = samples[0]!;
    expect(phases!.connectMs + phases!.waitMs).toBeCloseTo(durationUs / 1_000, 2);
    expect(opened![0]!.tcpMs).toBeGreaterThan(0);
  });

  test('has the given name and tags, and its messages inherit them', async () => {
    const { ws, samples } = await bench.serving((socket) => socket.send('hello'));
    const feed = await ws.connect('/feed', { name: 'feed', tags: { room: '7' } });
    await feed.expect();
    await feed.ping({ name: 'beat', tags: { room: '8', kind: 'x' } });
    expect(samples.map(({ series }) => [series.method, series.name, series.tags])).toEqual([
      [
        'CONNECT',
        'feed',
        [
          ['region', 'eu'],
          ['room', '7'],
        ],
      ],
      [
        'EXPECT',
        'feed',
        [
          ['region', 'eu'],
          ['room', '7'],
        ],
      ],
      [
        'PING',
        'beat',
        [
          ['kind', 'x'],
          ['region', 'eu'],
          ['room', '8'],
        ],
      ],
    ]);
  });

  test('to another server is named by its URL', async () => {
    const other = await bench.closing(serveWebSockets(() => {}));
    const { ws, samples } = await bench.client(undefined);
    await ws.connect(`ws://127.0.0.1:${other.port}/live?x=1`);
    await ws.connect(`${other.origin}/live`);
    expect(samples.map(({ series }) => series.name)).toEqual([
      `ws://127.0.0.1:${other.port}/live`,
      `ws://127.0.0.1:${other.port}/live`,
    ]);
  });

  test('stores the cookies of the response, unless cookies are off', async () => {
    const answers = async (cookies: boolean): Promise<string> => {
      const server = await bench.closing(
        answerRaw((socket, head) => socket.write(`${upgrade(head)}\r\nset-cookie: room=7\r\n\r\n`)),
      );
      const { ws, http } = await bench.client(server.origin, { cookies });
      await ws.connect('/');
      return http.cookies.header(server.origin);
    };
    expect([await answers(true), await answers(false)]).toEqual(['room=7', '']);
  });

  test('over TLS uses the TLS options and exposes the negotiated protocol', async () => {
    const authority = makeCertificate({ commonName: 'Test CA', authority: true });
    const identity = makeCertificate({ commonName: 'localhost', hosts: ['localhost'], issuer: authority });
    const echo: Parameters<typeof serveWebSockets>[0] = (socket) =>
      socket.on('message', (data) => socket.send(data));
    const { ws, samples, server, idle } = await bench.serving(
      echo,
      { tls: identity },
      { tls: { ca: authority.cert } },
    );
    const feed = await ws.connect('/');
    expect(feed.url).toBe(`wss://localhost:${server.port}/`);
    await feed.request('hello');
    await feed.close();
    const [connect] = samples;
    expect(connect!.opened![0]).toMatchObject({
      protocol: 'ws',
      tls: { version: 'TLSv1.3', resumed: false },
    });
    expect(connect!.opened![0]!.tlsMs).toBeGreaterThan(0);
    const sum = (field: 'bytesSent' | 'bytesReceived'): number =>
      samples.reduce((total, sample) => total + sample[field], 0);
    expect(sum('bytesSent') + idle.sent).toBe(server.sockets[0]!.bytesRead);
    expect(sum('bytesReceived') + idle.received).toBe(server.sockets[0]!.bytesWritten);

    const stranger = await bench.client(server.origin);
    await expect(stranger.ws.connect('/')).rejects.toThrow('TLS: certificate signed by an unknown authority');
    expect(stranger.samples.map(inShort)).toEqual([
      'CONNECT / failed: TLS: certificate signed by an unknown authority',
    ]);
  });
});

describe('a connection that fails to open is counted once and rejects', () => {
  async function failing(origin: string, options = {}): Promise<string | undefined> {
    const { ws, samples } = await bench.client(origin);
    const error = await ws.connect('/feed', options).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(isCountedFailure(error)).toBe(true);
    expect(samples).toHaveLength(1);
    const { failure } = samples[0]!;
    expect(samples[0]).toMatchObject({ outcome: 'failed', series: { method: 'CONNECT' } });
    expect(error).toMatchObject({ message: `CONNECT /feed: ${failure}`, failure });
    return failure;
  }

  test.each([
    [403, {}],
    [200, {}],
    [302, { location: '/elsewhere' }],
  ])('by status %i', async (status, headers) => {
    const server = await bench.closing(
      serveHttp((_, reply) => reply.writeHead(status, headers).end('no, and here is why')),
    );
    expect(await failing(server.origin)).toBe(`status ${status}`);
    await server.drained();
  });

  test('and shows the start of the body of a response that refuses it, however it ends', async () => {
    let afterHeadMs = 0;
    const shown = async (answer: (socket: net.Socket) => void, options = {}): Promise<string> => {
      const server = await bench.closing(answerRaw(answer));
      const { ws, samples } = await bench.client(server.origin);
      await expect(ws.connect('/feed', options)).rejects.toThrow('CONNECT /feed: status 403');
      expect(samples.map(inShort)).toEqual(['CONNECT /feed failed: status 403']);
      expect(samples[0]!.status).toBe(403);
      afterHeadMs = performance.now() - samples[0]!.endedAtMs;
      return samples[0]!.evidence!()?.response ?? '';
    };
    const head = 'HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\n';
    const start = 'http/1.1 403 Forbidden\ncontent-type: application/json\n';
    const whole = '{"error":"quota"}';
    expect(await shown((socket) => void socket.end(`${head}content-length: 17\r\n\r\n${whole}`))).toBe(
      `${start}content-length: 17\n\n${whole}`,
    );
    const late = (socket: net.Socket): void => {
      socket.write(`${head}content-length: 17\r\n\r\n`);
      setTimeout(() => socket.end(whole), 20);
    };
    expect(await shown(late)).toBe(`${start}content-length: 17\n\n${whole}`);
    const broken = (socket: net.Socket): void => void socket.end(`${head}content-length: 90\r\n\r\n{"err`);
    expect(await shown(broken)).toBe(`${start}content-length: 90\n\n{"err`);
    const endless = (socket: net.Socket): void => void socket.write(`${head}content-length: 90\r\n\r\n{"err`);
    expect(await shown(endless)).toBe(`${start}content-length: 90\n\n{"err`);
    // The response time does not include the wait for the rest.
    expect(afterHeadMs).toBeGreaterThan(400);
    expect(await shown(endless, { timeout: '100ms' })).toBe(`${start}content-length: 90\n\n{"err`);
    const long = (socket: net.Socket): void =>
      void socket.write(`${head}content-length: 90000\r\n\r\n${'a'.repeat(50_000)}`);
    expect(await shown(long)).toBe(`${start}content-length: 90000\n\n${'a'.repeat(1_000)}…`);
  });

  test('without a listener or a host', async () => {
    expect(await failing(`http://127.0.0.1:${await closedPort()}`)).toBe('connection refused');
    expect(await failing('http://nowhere.invalid')).toMatch(
      /^(host not found|name lookup failed): nowhere\.invalid/,
    );
  });

  test('with a silent server', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    expect(await failing(server.origin, { timeout: '50ms' })).toBe('no handshake within 50ms');
    await server.drained();
  });

  test('if the server closes or resets the connection', async () => {
    const hanging = await bench.closing(answerRaw((socket) => socket.end()));
    expect(await failing(hanging.origin)).toBe('connection closed without a response');
    const resetting = await bench.closing(answerRaw((socket) => socket.resetAndDestroy()));
    expect(await failing(resetting.origin)).toBe('connection reset');
  });

  test('with a server of another protocol', async () => {
    const mail = await bench.closing(answerRaw((socket) => socket.write('220 mail ready\r\n\r\n')));
    expect(await failing(mail.origin)).toMatch(/^malformed response: /);
    const wrong = await bench.closing(
      answerRaw((socket, head) => socket.write(`${upgrade(head).slice(0, -4)}XXX=\r\n\r\n`)),
    );
    expect(await failing(wrong.origin)).toBe('malformed response: invalid Sec-WebSocket-Accept header');
  });

  test('without a common subprotocol', async () => {
    const server = await bench.closing(serveWebSockets(() => {}, { handleProtocols: () => false }));
    expect(await failing(server.origin, { protocols: 'v1' })).toBe(
      'malformed response: server sent no subprotocol',
    );
  });
});

test.each([
  ['a URL of another kind', 'ftp://127.0.0.1/', {}, /only http: and https:/],
  ['a header with a line break', '/', { headers: { 'x-a': 'a\nb' } }, /CONNECT \/: Invalid character/],
  ['a subprotocol that is not a token', '/', { protocols: 'v 1' }, /CONNECT \/: .*subprotocol/],
])('%s is an error of the scenario and is not counted', async (_, url, options, message) => {
  const { ws, samples, server } = await bench.serving(() => {});
  await expect(ws.connect(url, options)).rejects.toThrow(message);
  await expect(ws.connect(url, options)).rejects.toBeInstanceOf(TypeError);
  expect([samples.length, server.connections]).toEqual([0, 0]);
});
