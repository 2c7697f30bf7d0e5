import { createHash } from 'node:crypto';
import type net from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { until, wait } from '../../../../test/contract/support/closing.js';
import { dial, dialBench, open } from '../../../../test/contract/support/dialling.js';
import {
  closedPort,
  serveRaw,
  serveSecure,
  type TestServer,
} from '../../../../test/contract/support/servers.js';
import type { Dialler } from './dialler.js';
import type { DialTarget } from './transport.js';

const identity = makeCertificate({ commonName: 'server', hosts: ['localhost'] });
const bench = dialBench();

/** The same server without and with TLS. */
const KINDS: [
  string,
  (onSocket: (socket: net.Socket) => void) => Promise<[Dialler, DialTarget, TestServer]>,
][] = [
  [
    'TCP',
    async (onSocket) => {
      const server = await bench.closing(serveRaw(onSocket));
      return [await bench.dialler(), { secure: false, host: '127.0.0.1', port: server.port }, server];
    },
  ],
  [
    'TLS',
    async (onSocket) => {
      const server = await bench.closing(serveSecure(identity, onSocket));
      return [
        await bench.dialler({ tls: { ca: identity.cert } }),
        { secure: true, host: 'localhost', port: server.port },
        server,
      ];
    },
  ],
];

describe.each(KINDS)('an open connection over %s', (_, serve) => {
  test('reports the time that opening took, and the negotiated parameters', async () => {
    const [dialler, target] = await serve(() => {});
    const { transport } = await open(dialler, target, { alpn: ['http/1.1', 'h2'] });
    expect(transport.opened).toEqual({
      protocol: 'http/1.1',
      dnsMs: target.secure ? expect.any(Number) : 0,
      tcpMs: expect.any(Number),
      tlsMs: target.secure ? expect.any(Number) : 0,
      ...(target.secure && {
        tls: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), resumed: false },
      }),
    });
    const { tcpMs, tlsMs } = transport.opened;
    expect([tcpMs > 0, tlsMs > 0]).toEqual([true, target.secure]);
  });

  test('all sockets read into the same memory, and each receiver gets its own bytes', async () => {
    const made: Buffer[] = [];
    const [dialler, target] = await serve((socket) => {
      const bytes = Buffer.alloc(300_000, `${made.length}-`);
      made.push(bytes);
      socket.end(bytes);
    });
    const all = await Promise.all(Array.from({ length: 12 }, () => open(dialler, target)));
    await Promise.all(all.map(({ listener }) => listener.closed));
    const digest = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
    expect(all.map(({ listener }) => digest(Buffer.from(listener.text, 'latin1'))).sort()).toEqual(
      made.map(digest).sort(),
    );
    expect(new Set(all.flatMap(({ listener }) => [...listener.buffers])).size).toBe(1);
  });

  test('text is sent with one byte per character, bytes unchanged, in order', async () => {
    const chunks: Buffer[] = [];
    const [dialler, target] = await serve((socket) => socket.on('data', (chunk) => chunks.push(chunk)));
    const { transport } = await open(dialler, target);
    transport.writeLatin1('h\u{E9}');
    transport.write(Buffer.from([1, 2, 255]));
    const seen = (): Buffer => Buffer.concat(chunks);
    await until(() => seen().length === 5);
    expect([...seen()]).toEqual([0x68, 0xe9, 1, 2, 255]);
  });

  test('when the peer ends the connection, the receiver gets the end and then the close', async () => {
    let peer!: net.Socket;
    const [dialler, target] = await serve((socket) => (peer = socket));
    const { listener } = await open(dialler, target);
    await until(() => peer !== undefined);
    const peerClosed = new Promise((resolve) => peer.on('close', resolve));
    peer.end('bye');
    await listener.closed;
    expect([listener.text, listener.ends, listener.closings]).toEqual(['bye', 1, [undefined]]);
    await peerClosed;
  });

  test('a reset is a failure, and later writes are ignored', async () => {
    const [dialler, target, server] = await serve((socket) => socket.write('x'));
    const { transport, listener } = await open(dialler, target);
    // libuv reports a reset that arrives together with data, such as TLS tickets, as a clean end.
    await until(() => listener.text === 'x');
    server.reset();
    await listener.closed;
    transport.writeLatin1('too late');
    transport.destroy();
    await wait(10);
    expect(listener.closings).toEqual([expect.objectContaining({ class: 'reset', code: 'ECONNRESET' })]);
  });

  test('destroying it is a clean close, even if an error is pending', async () => {
    const [dialler, target, server] = await serve((socket) => socket.on('data', () => server.reset()));
    const { transport, listener } = await open(dialler, target);
    transport.writeLatin1('x');
    transport.destroy();
    transport.destroy();
    await listener.closed;
    await wait(10);
    expect([listener.closings, listener.ends]).toEqual([[undefined], 0]);
  });

  test('ending it sends everything written so far, then closes', async () => {
    let received = 0;
    const [dialler, target] = await serve((socket) =>
      socket.on('data', (chunk) => (received += chunk.length)),
    );
    const { transport, listener } = await open(dialler, target);
    transport.write(Buffer.alloc(5_000_000));
    transport.end();
    await listener.closed;
    await until(() => received === 5_000_000);
    expect(listener.closings).toEqual([undefined]);
  });

  test('a paused connection delivers no data until it is resumed', async () => {
    const [dialler, target] = await serve((socket) => socket.end(Buffer.alloc(5_000_000)));
    const { transport, listener } = await open(dialler, target);
    transport.pause();
    await wait(30);
    const early = listener.bytes;
    await wait(30);
    expect([listener.bytes, listener.ends]).toEqual([early, 0]);
    expect(early).toBeLessThan(100_000);
    transport.resume();
    await listener.closed;
    expect([listener.bytes, listener.ends]).toEqual([5_000_000, 1]);
  });

  test('a slow peer causes back-pressure', async () => {
    let peer!: net.Socket;
    const [dialler, target] = await serve((socket) => (peer = socket).pause());
    const { transport, listener } = await open(dialler, target);
    await until(() => peer !== undefined);
    expect(transport.write(Buffer.alloc(20_000_000))).toBe(false);
    await wait(20);
    expect(listener.drains).toBe(0);
    peer.resume();
    await until(() => listener.drains === 1);
  });

  test('closing the dialler closes it', async () => {
    let peer: net.Socket | undefined;
    const [dialler, target] = await serve((socket) => (peer = socket));
    const { listener } = await open(dialler, target);
    await until(() => peer !== undefined);
    await dialler.close();
    expect(listener.closings).toEqual([undefined]);
    await until(() => peer!.closed);
  });
});

describe('opening a connection', () => {
  test('exactly one callback is called, after dial has returned', async () => {
    const server = await bench.closing(serveRaw((socket) => socket.end()));
    const refusing = await closedPort();
    const [dialler, closed] = [
      await bench.dialler({ network: { hosts: { 'none.example': [] } } }),
      await bench.dialler(),
    ];
    await closed.close();
    const recorded: string[] = [];
    const start = (by: Dialler, host: string, port: number): void => {
      let returned = false;
      const record = (what: string): number => recorded.push(returned ? what : `${what} inside dial`);
      by.dial({ secure: false, host, port }, ['http/1.1'], 0, {
        onOpen(transport) {
          record('open');
          transport.receiver = { onBytes() {}, onDrain() {}, onEnd() {}, onClosed() {} };
        },
        onFailed: ({ class: name, code }) => record(`${name} ${code}`),
      });
      returned = true;
    };
    start(dialler, '127.0.0.1', server.port);
    start(dialler, '127.0.0.1', refusing);
    start(dialler, 'none.example', 80);
    start(closed, '127.0.0.1', server.port);
    await until(() => recorded.length >= 4);
    await wait(20);
    expect(recorded.sort()).toEqual(['aborted ABORTED', 'dns NO_ADDRESS', 'open', 'refused ECONNREFUSED']);
  });

  test.each([
    ['while its name is looked up', 'localhost', 0],
    ['while it connects', '127.0.0.1', 0],
    ['in the handshake', '127.0.0.1', 1],
  ])('a connection cancelled %s calls nothing and closes its socket', async (_, host, connections) => {
    const server = await bench.closing(serveRaw(() => {}));
    const dialler = await bench.dialler();
    const recorded: unknown[] = [];
    const dialling = dialler.dial({ secure: true, host, port: server.port }, ['http/1.1'], 50, {
      onOpen: (transport) => recorded.push(transport),
      onFailed: (failure) => recorded.push(failure),
    });
    await until(() => server.connections === connections);
    dialling.cancel();
    await wait(100);
    await server.drained();
    expect(recorded).toEqual([]);
  });

  test('the timeout covers the handshake', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const target = { secure: true, host: '127.0.0.1', port: server.port };
    expect(await dial(await bench.dialler(), target, { timeoutMs: 60 })).toEqual({
      class: 'timeout',
      code: 'TIMEOUT_CONNECT',
      message: 'connect timeout after 60ms',
    });
    await server.drained();
  });

  test('a connection established while the event loop was blocked does not time out', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const dialler = await bench.dialler();
    const opening = open(dialler, { secure: false, host: '127.0.0.1', port: server.port }, { timeoutMs: 50 });
    process.nextTick(() => {
      const untilMs = performance.now() + 150;
      while (performance.now() < untilMs);
    });
    expect((await opening).transport.opened.protocol).toBe('http/1.1');
  });

  test('a server that closes the connection during the handshake', async () => {
    const server = await bench.closing(serveRaw((socket) => socket.end()));
    const failure = await dial(await bench.dialler(), { secure: true, host: '127.0.0.1', port: server.port });
    expect(failure).toMatchObject({ class: 'reset' });
  });

  test('closing the dialler fails connections that are being opened', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const dialler = await bench.dialler();
    const opening = dial(dialler, { secure: true, host: '127.0.0.1', port: server.port });
    await until(() => server.connections === 1);
    await dialler.close();
    expect(await opening).toMatchObject({ class: 'aborted', message: 'the engine was closed' });
    await server.drained();
  });
});
