import { createPrivateKey } from 'node:crypto';
import tls from 'node:tls';
import { failureHint } from '@drumline/model';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { until } from '../../../../test/contract/support/closing.js';
import { dial, dialBench, open, type Opened } from '../../../../test/contract/support/dialling.js';
import { listen, serveSecure } from '../../../../test/contract/support/servers.js';
import type { TlsOptions } from '../engine/settings.js';
import type { Dialler } from './dialler.js';
import { createTlsContext } from './tls-context.js';
import { TlsSessions } from './tls-sessions.js';
import type { DialTarget } from './transport.js';

const bench = dialBench();
const identity = makeCertificate({ commonName: 'server', hosts: ['localhost', 'shop.example'] });
const other = makeCertificate({ commonName: 'other' });

async function serve(options: tls.TlsOptions = {}) {
  const server = await bench.closing(
    serveSecure({ ...identity, ...options }, (socket) => socket.pipe(socket)),
  );
  return { server, target: { secure: true, host: 'localhost', port: server.port } };
}

const dialler = (options: TlsOptions = {}): Promise<Dialler> =>
  bench.dialler({ tls: { ca: identity.cert, ...options } });

describe('the protocol negotiated by ALPN', () => {
  const both = ['h2', 'http/1.1'];
  const nothingInCommon = {
    class: 'tls',
    code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    message: 'TLS: the target speaks none of the protocols offered (ALPN)',
  };
  const noHttp2 = {
    class: 'tls',
    code: 'ALPN_MISMATCH',
    message: 'TLS: the target does not speak HTTP/2 (ALPN)',
  };

  test.each<[string, string[] | undefined, string[], TlsOptions, unknown]>([
    ['both sides prefer HTTP/2', both, both, {}, 'h2'],
    ['the server supports only HTTP/1.1', ['http/1.1'], both, {}, 'http/1.1'],
    ['the server does not support ALPN', undefined, both, {}, 'http/1.1'],
    ['HTTP/2 is required, and the server does not support ALPN', undefined, ['h2'], {}, noHttp2],
    [
      'HTTP/2 is required, and the server supports other protocols',
      ['http/1.1'],
      ['h2'],
      {},
      nothingInCommon,
    ],
    ['the list is overridden', both, both, { alpn: ['http/1.1'] }, 'http/1.1'],
    ['the override names another protocol', ['my/1', 'h2'], both, { alpn: ['my/1'] }, 'my/1'],
    ['the override allows only HTTP/2', undefined, both, { alpn: ['h2'] }, noHttp2],
  ])('%s', async (_, served, offered, options, expected) => {
    const { target } = await serve(served && { ALPNProtocols: served });
    const result = await dial(await dialler(options), target, { alpn: offered });
    expect('class' in result ? result : result.transport.opened.protocol).toEqual(expected);
    if ('class' in result) expect(failureHint(result.message)).toContain('http.version');
  });
});

describe('TLS sessions', () => {
  /** Opens a connection and echoes over it: the server's tickets arrive first. */
  async function visit(by: Dialler, target: DialTarget): Promise<boolean> {
    const { transport, listener } = await open(by, target);
    transport.writeLatin1('x');
    await until(() => listener.bytes === 1);
    transport.destroy();
    return transport.opened.tls!.resumed;
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s sessions are resumed repeatedly', async (version) => {
    const { target } = await serve({ minVersion: version, maxVersion: version });
    const by = await dialler();
    const resumed: boolean[] = [];
    for (let i = 0; i < 6; i++) resumed.push(await visit(by, target));
    expect(resumed).toEqual([false, true, true, true, true, true]);
  });

  test('a burst of new connections resumes too', async () => {
    const { target } = await serve();
    const by = await dialler();
    await visit(by, target);
    const burst = await Promise.all(Array.from({ length: 20 }, () => open(by, target)));
    expect(burst.map(({ transport }) => transport.opened.tls!.resumed)).toEqual(Array(20).fill(true));
  });

  test('each port and server name has its own sessions, and a lane can disable them', async () => {
    const [one, two] = [await serve(), await serve()];
    const by = await dialler();
    expect([await visit(by, one.target), await visit(by, two.target), await visit(by, one.target)]).toEqual([
      false,
      false,
      true,
    ]);
    const without = await dialler({ resumeSessions: false });
    expect([await visit(without, one.target), await visit(without, one.target)]).toEqual([false, false]);
  });

  test('are not accepted from another server on the same port', async () => {
    const server = tls.createServer(identity, (socket) => socket.pipe(socket));
    const { port } = await bench.closing(listen(server, 'secureConnection', 'https://localhost'));
    const target = { secure: true, host: 'localhost', port };
    const by = await dialler();
    expect([await visit(by, target), await visit(by, target)]).toEqual([false, true]);
    server.setSecureContext(other);
    expect(await dial(by, target)).toMatchObject({ class: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test('each ticket is used once while others are left, newest first; the last one is shared', () => {
    const sessions = new TlsSessions();
    const [a, b, c] = ['a', 'b', 'c'].map((text) => Buffer.from(text));
    expect(sessions.take('x')).toBeUndefined();
    for (const session of [a!, b!, c!]) sessions.put('x', session);
    expect([1, 2, 3, 4].map(() => sessions.take('x'))).toEqual([c, b, a, a]);
    sessions.put('x', b!);
    expect([1, 2, 3].map(() => sessions.take('x'))).toEqual([b, a, a]);
    for (let i = 0; i < 100; i++) sessions.put('y', Buffer.from([i]));
    const taken = Array.from({ length: 20 }, () => sessions.take('y')![0]);
    expect(new Set(taken).size).toBe(8);
  });
});

describe('what the server sees', () => {
  const seen = async (opening: Promise<Opened>, sockets: readonly unknown[]): Promise<tls.TLSSocket> => {
    await opening;
    await until(() => sockets.length === 1);
    return sockets[0] as tls.TLSSocket;
  };

  test('the URL’s host as server name, even with a configured address; none for an IP address', async () => {
    const { server, target } = await serve();
    const by = await bench.dialler({
      tls: { ca: identity.cert },
      network: { hosts: { 'shop.example': '127.0.0.1' } },
    });
    const socket = await seen(open(by, { ...target, host: 'shop.example' }), server.sockets);
    expect((socket as { servername?: string }).servername).toBe('shop.example');
    const absolute = await open(by, { ...target, host: 'shop.example.' });
    expect(absolute).toHaveProperty('transport');
    expect((server.sockets.at(-1) as { servername?: string }).servername).toBe('shop.example');
    const addressed = makeCertificate({ commonName: 'address', hosts: ['127.0.0.1'] });
    const second = await serve(addressed);
    const trusting = await dialler({ ca: [identity.cert, addressed.cert] });
    const unnamed = await seen(
      open(trusting, { ...second.target, host: '127.0.0.1' }),
      second.server.sockets,
    );
    expect((unnamed as { servername?: unknown }).servername).toBe(false);
  });

  test('a client certificate with an encrypted key', async () => {
    const { server, target } = await serve({ requestCert: true, rejectUnauthorized: true, ca: other.cert });
    const format = {
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'open sesame',
    } as const;
    const key = createPrivateKey(other.key).export(format).toString();
    const by = await dialler({ cert: other.cert, key, passphrase: 'open sesame' });
    const socket = await seen(open(by, target), server.sockets);
    expect(socket.getPeerCertificate().subject.CN).toBe('other');
  });

  test.each<[string, TlsOptions, string, string]>([
    [
      'a TLS 1.3 suite',
      { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
      'TLSv1.3',
      'TLS_CHACHA20_POLY1305_SHA256',
    ],
    [
      'a TLS 1.2 cipher',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
      'TLSv1.2',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    ],
    [
      'an old version',
      { maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
      'TLSv1.1',
      'ECDHE-ECDSA-AES256-SHA',
    ],
  ])('%s', async (_, options, version, cipher) => {
    const { server, target } = await serve({ minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    const by = await dialler(options);
    const { transport } = await open(by, target);
    expect(transport.opened.tls).toEqual({ version, cipher, resumed: false });
    await until(() => server.connections === 1);
  });
});

describe('invalid TLS options', () => {
  test.each<[what: string, TlsOptions, message: string]>([
    ['a ca that is not PEM', { ca: 'no PEM' }, 'ca is not PEM text (-----BEGIN CERTIFICATE-----…)'],
    [
      'a list with an invalid ca',
      { ca: [identity.cert, ''] },
      'ca is not PEM text (-----BEGIN CERTIFICATE-----…)',
    ],
    [
      'a cert that is not PEM',
      { cert: 'no PEM', key: identity.key },
      'cert is not PEM text (-----BEGIN CERTIFICATE-----…)',
    ],
    [
      'a key that is not PEM',
      { cert: identity.cert, key: 'no PEM' },
      'key is not PEM text (-----BEGIN PRIVATE KEY-----…)',
    ],
    ['a key of another cert', { cert: identity.cert, key: other.key }, 'key does not belong to cert'],
    ['unknown ciphers', { ciphers: 'ROT13' }, 'OpenSSL supports none of the ciphers'],
    [
      'versions in the wrong order',
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
      'minVersion TLSv1.3 is above maxVersion TLSv1.2',
    ],
    [
      'an unknown version',
      { minVersion: 'SSLv3' as 'TLSv1' },
      '"SSLv3" is not a valid minimum TLS protocol version',
    ],
    ['a protocol without name', { alpn: ['h2', ''] }, "alpn: '' is not a protocol name of 1 to 255 bytes"],
  ])('%s', (_, options, message) => {
    expect(() => createTlsContext(options)).toThrow(`invalid TLS options: ${message}`);
  });

  test.each([undefined, 'wrong'])('an encrypted key with the passphrase %s', (passphrase) => {
    const format = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' } as const;
    const key = createPrivateKey(other.key).export(format).toString();
    expect(() =>
      createTlsContext({ cert: other.cert, key, ...(passphrase !== undefined && { passphrase }) }),
    ).toThrow('invalid TLS options: passphrase is missing or wrong');
  });
});
