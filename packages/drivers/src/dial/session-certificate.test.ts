import tls from 'node:tls';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { withoutCertificate } from './session-certificate.js';

const identity = makeCertificate({ commonName: 'server', hosts: ['localhost'] });
/** The whole certificate in DER, as a session contains it. */
const der = Buffer.from(identity.cert.replace(/-----[^-]+-----|\s/g, ''), 'base64');
const servers: tls.Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** A server, and a session that it issued. */
async function sessionOf(version: tls.SecureVersion): Promise<{ port: number; session: Buffer }> {
  const server = tls.createServer({ ...identity, minVersion: version, maxVersion: version }, (socket) =>
    socket.end('x'),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, session: (await visit(port, undefined)).session };
}

function visit(port: number, session: Buffer | undefined): Promise<{ resumed: boolean; session: Buffer }> {
  return new Promise((resolve, reject) => {
    const ca = identity.cert;
    const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, session });
    let latest = session!;
    let resumed = false;
    socket.on('secureConnect', () => (resumed = socket.isSessionReused()));
    socket.on('session', (fresh) => (latest = fresh));
    socket.on('error', reject);
    socket.on('close', () => resolve({ resumed, session: latest }));
    socket.resume();
  });
}

describe('a session without the certificate of its target', () => {
  test('is resumed with TLS 1.3 by a client that verifies certificates', async () => {
    const { port, session } = await sessionOf('TLSv1.3');
    expect(session.includes(der)).toBe(true);
    const light = withoutCertificate(session);
    expect(light.includes(der)).toBe(false);
    expect(light.length).toBeLessThan(session.length - der.length);
    const second = await visit(port, light);
    expect(second.resumed).toBe(true);
    // The result has had no certificate from the start.
    expect(withoutCertificate(second.session)).toBe(second.session);
    expect((await visit(port, second.session)).resumed).toBe(true);
  });

  test('is not used with TLS 1.2: the session is returned unchanged', async () => {
    const { port, session } = await sessionOf('TLSv1.2');
    expect(withoutCertificate(session)).toBe(session);
    expect((await visit(port, session)).resumed).toBe(true);
  });

  test('invalid or truncated sessions are returned unchanged', async () => {
    const { session } = await sessionOf('TLSv1.3');
    const cut = fc.nat(session.length - 1).map((length) => session.subarray(0, length));
    const longer = fc.uint8Array({ minLength: 1 }).map((more) => Buffer.concat([session, more]));
    const anything = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const sequence = anything.map((bytes) =>
      Buffer.concat([Buffer.of(0x30, 0x81, bytes.length & 0xff), bytes]),
    );
    fc.assert(
      fc.property(fc.oneof(cut, longer, anything, sequence), (bytes) => withoutCertificate(bytes) === bytes),
    );
  });
});
