import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import type { TlsOptions } from '@drumline/drivers';
import { failureHint } from '@drumline/model';
import { makeCertificate, type CertificateOptions } from '../support/certificates.js';
import { serveHttp, serveHttps, type TestServer } from '../support/servers.js';
import type { Difference } from '../http-engine.js';
import { engineBench, failed, get, response, text, type MakeEngine } from './bench.js';

const authority = makeCertificate({ commonName: 'Test authority', authority: true });

function certified(more: Partial<CertificateOptions> = {}) {
  return makeCertificate({ commonName: 'server', hosts: ['localhost'], issuer: authority, ...more });
}

export function describeTls(makeEngine: MakeEngine, differences: readonly Difference[]): void {
  describe('TLS', () => {
    const bench = engineBench(makeEngine);
    const trusting = (more: TlsOptions = {}) => ({ tls: { ca: authority.cert, ...more } });
    const serve = (options: Parameters<typeof serveHttps>[0] = certified()): Promise<TestServer> =>
      bench.closing(serveHttps(options, (_, reply) => reply.end('secret')));

    test('a trusted server answers over one connection, and byte counts exclude TLS', async () => {
      const server = await serve();
      const session = await bench.session({}, trusting());
      const first = response(await session.exchange(get(server.origin)).done);
      const second = response(await session.exchange(get(server.origin)).done);
      expect(text(first)).toBe('secret');
      expect(first.timing.opened!.tlsMs).toBeGreaterThan(0);
      expect(second.timing.opened).toBeUndefined();
      expect(server.connections).toBe(1);
      const [socket] = server.sockets;
      expect(first.bytesSent + second.bytesSent).toBe(socket!.bytesRead);
      expect(first.bytesReceived + second.bytesReceived).toBe(socket!.bytesWritten);
    });

    test.each<[string, Partial<CertificateOptions>, TlsOptions, string]>([
      [
        'of an unknown authority',
        {},
        { ca: makeCertificate({ commonName: 'Other', authority: true }).cert },
        'certificate signed by an unknown authority',
      ],
      ['that has expired', { validDays: [-30, -2] }, {}, 'certificate has expired'],
      ['that is not yet valid', { validDays: [5, 30] }, {}, 'certificate is not yet valid'],
      ['for another host', { hosts: ['shop.example'] }, {}, 'certificate is for another host'],
      ['that is self-signed', { issuer: undefined }, {}, 'self-signed certificate'],
    ])('a certificate %s is rejected before the request is sent', async (_, certificate, tls, message) => {
      const server = await serve(certified(certificate));
      const result = failed(await (await bench.session({}, trusting(tls))).exchange(get(server.origin)).done);
      expect(result).toMatchObject({ sent: false, failure: { class: 'tls', message: `TLS: ${message}` } });
      expect(failureHint(result.failure.message)).toContain('http.tls.');
      expect(server.requests).toBe(0);
    });

    test('verification can be switched off', async () => {
      const server = await serve(certified({ issuer: undefined, validDays: [-30, -2] }));
      const session = await bench.session({}, { tls: { rejectUnauthorized: false } });
      expect(text(await session.exchange(get(server.origin)).done)).toBe('secret');
    });

    test('a configured server name is requested and verified', async () => {
      const server = await serve(certified({ hosts: ['shop.example'] }));
      const session = await bench.session({}, trusting({ servername: 'shop.example' }));
      expect(text(await session.exchange(get(server.origin)).done)).toBe('secret');
      expect((server.sockets[0] as TLSSocket & { servername: string }).servername).toBe('shop.example');
    });

    test('an address is verified as an address', async () => {
      const server = await serve(certified({ hosts: ['127.0.0.1'] }));
      const session = await bench.session({}, trusting());
      expect(text(await session.exchange(get(`https://127.0.0.1:${server.port}`)).done)).toBe('secret');
    });

    if (!differences.includes('TLS alerts are connection closes')) {
      const MISSING = 'TLS: the target asks for a client certificate';
      test.each([
        ['a GET', undefined],
        ['a POST', Buffer.alloc(10, 'x')],
        ['an upload', Buffer.alloc(5_000_000, 'x')],
      ])(
        'a missing client certificate, detected after the handshake (TLS 1.3), has a clear failure: %s',
        async (_, body) => {
          const mutual = { requestCert: true, rejectUnauthorized: true, ca: authority.cert };
          const server = await bench.closing(
            serveHttps({ ...certified(), ...mutual }, (_request, reply) => reply.end('ok')),
          );
          const session = await bench.session({}, trusting());
          for (let i = 0; i < 3; i++) {
            const request = get(server.origin, body === undefined ? {} : { method: 'POST', body });
            expect(failed(await session.exchange(request).done).failure).toMatchObject({
              class: 'tls',
              message: MISSING,
            });
          }
        },
      );
    }

    test('a client certificate is accepted where none is rejected', async () => {
      const server = await serve({
        ...certified(),
        ca: authority.cert,
        requestCert: true,
        rejectUnauthorized: true,
      });
      const { cert, key } = makeCertificate({ commonName: 'user', issuer: authority });
      const known = await bench.session({}, trusting({ cert, key }));
      expect(text(await known.exchange(get(server.origin)).done)).toBe('secret');
      const unknown = await bench.session({}, trusting());
      expect(['tls', 'reset']).toContain(
        failed(await unknown.exchange(get(server.origin)).done).failure.class,
      );
    });

    test('configured versions and ciphers are used', async () => {
      const server = await serve();
      const tls = {
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
      } as const;
      await (await bench.session({}, trusting(tls))).exchange(get(server.origin)).done;
      const [socket] = server.sockets as TLSSocket[];
      expect([socket!.getProtocol(), socket!.getCipher().name]).toEqual(['TLSv1.2', tls.ciphers]);
    });

    test('no version in common', async () => {
      const server = await serve({ ...certified(), minVersion: 'TLSv1.3' });
      const session = await bench.session({}, trusting({ maxVersion: 'TLSv1.2' }));
      const result = failed(await session.exchange(get(server.origin)).done);
      expect(result.failure).toMatchObject({ class: 'tls' });
      expect(result.failure.message).toMatch(/^TLS: [a-z0-9 ]*version/);
    });

    test('TLS to a port of plain HTTP', async () => {
      const server = await bench.closing(serveHttp((_, reply) => reply.end()));
      const result = failed(
        await (await bench.session()).exchange(get(`https://127.0.0.1:${server.port}`)).done,
      );
      expect(result.failure).toMatchObject({
        class: 'tls',
        message: 'TLS: the target does not speak TLS on this port',
      });
    });

    test('the request that opens a connection reports the result of the handshake', async () => {
      const server = await serve();
      const tls = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } as const;
      const session = await bench.session({ keepAlive: false }, trusting(tls));
      const opened = [];
      for (let i = 0; i < 2; i++)
        opened.push((await session.exchange(get(server.origin)).done).timing.opened);
      const handshake = { version: 'TLSv1.2', cipher: tls.ciphers };
      expect(opened).toMatchObject([
        { protocol: 'http/1.1', tls: { ...handshake, resumed: false } },
        { protocol: 'http/1.1', tls: { ...handshake, resumed: true } },
      ]);
    });

    test('the ALPN offer can be set', async () => {
      const offered: unknown[] = [];
      const server = await serve({
        ...certified(),
        ALPNCallback: ({ protocols }) => {
          offered.push(protocols);
          return protocols.at(-1);
        },
      });
      const session = await bench.session({}, trusting({ alpn: ['spdy/3', 'http/1.1'] }));
      expect(text(await session.exchange(get(server.origin)).done)).toBe('secret');
      expect(offered).toEqual([['spdy/3', 'http/1.1']]);
    });

    if (!differences.includes('HTTP/1.1 only')) {
      test('a server without HTTP/2 has its own failure if only HTTP/2 is offered', async () => {
        const server = await serve({ ...certified(), ALPNProtocols: ['http/1.1'] });
        const session = await bench.session({}, { ...trusting(), version: '2' });
        expect(failed(await session.exchange(get(server.origin)).done)).toMatchObject({
          sent: false,
          failure: {
            class: 'tls',
            message: 'TLS: the target speaks none of the protocols offered (ALPN)',
          },
        });
      });
    }

    test.each([true, false])(
      'new connections resume the session: %s, including those of other users',
      async (resumeSessions) => {
        const resumed: boolean[] = [];
        const server = await bench.closing(
          serveHttps(certified(), ({ socket }, reply) => {
            resumed.push((socket as TLSSocket).isSessionReused());
            reply.end();
          }),
        );
        const engine = await bench.closing(makeEngine({ now: bench.now, ...trusting({ resumeSessions }) }));
        for (let i = 0; i < 3; i++) {
          const session = engine.openSession({ keepAlive: false });
          await session.exchange(get(server.origin)).done;
          await session.exchange(get(server.origin)).done;
        }
        expect(server.connections).toBe(6);
        expect(resumed).toEqual([false, ...Array<boolean>(5).fill(resumeSessions)]);
      },
    );

    test('invalid certificates are rejected at once with a message', () => {
      expect(() => makeEngine({ now: bench.now, tls: { cert: 'no PEM', key: 'no PEM' } })).toThrow(
        /invalid TLS options/,
      );
    });
  });
}
