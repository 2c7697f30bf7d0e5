import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { TlsFacts } from '@drumline/model';
import { LIMIT_MS, reasonOf, type Place } from './connect.js';

/** Full handshakes of a measurement. The first one also loads OpenSSL. */
const HANDSHAKES = 5;
/** A target with TLS 1.3 sends its tickets after the handshake. */
const TICKET_MS = 500;

/**
 * Opens several TLS connections to an address, one after the other.
 * @param address that answers; the name of the place is sent and verified
 */
export async function handshakeWith(
  { host, port }: Place,
  address: string,
): Promise<TlsFacts | { readonly problem: string }> {
  try {
    const first = await shake(host, address, port);
    const session = await ticketOf(first.socket);
    const facts = describe(first.socket);
    first.socket.destroy();
    const costs = [];
    const cpu = process.cpuUsage();
    for (let i = 0; i < HANDSHAKES; i++) {
      const { socket, ms } = await shake(host, address, port);
      socket.destroy();
      costs.push(ms);
    }
    const { user, system } = process.cpuUsage(cpu);
    return {
      ...facts,
      handshakeMs: costs.sort((a, b) => a - b)[HANDSHAKES >> 1]!,
      cpuMs: (user + system) / 1_000 / HANDSHAKES,
      resumes: session !== undefined && (await resumes(host, address, port, session)),
    };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function resumes(host: string, address: string, port: number, session: Buffer): Promise<boolean> {
  const { socket } = await shake(host, address, port, session);
  const isReused = socket.isSessionReused();
  socket.destroy();
  return isReused;
}

/** Its time counts from the TCP connection. The certificate is examined, but not required. */
function shake(
  host: string,
  address: string,
  port: number,
  session?: Buffer,
): Promise<{ readonly socket: TLSSocket; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      ...(session && { session }),
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false,
    });
    let connectedMs = performance.now();
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(LIMIT_MS, () => fail(new Error(`no answer within ${LIMIT_MS / 1_000} s`)));
    socket.on('connect', () => (connectedMs = performance.now()));
    socket.on('error', fail);
    socket.on('secureConnect', () => resolve({ socket, ms: performance.now() - connectedMs }));
    socket.on('close', () => fail(new Error('the connection was closed')));
  });
}

/** The session to resume. @returns undefined if the target sends none */
function ticketOf(socket: TLSSocket): Promise<Buffer | undefined> {
  // A session of TLS 1.2 may be known before the listener is there.
  if (socket.getProtocol() !== 'TLSv1.3') return Promise.resolve(socket.getSession());
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), TICKET_MS);
    socket.once('session', (session) => {
      clearTimeout(timer);
      resolve(session);
    });
    socket.resume();
  });
}

function describe(
  socket: TLSSocket,
): Pick<TlsFacts, 'version' | 'cipher' | 'protocol' | 'keyType' | 'untrusted' | 'validUntilMs'> {
  const { alpnProtocol, authorizationError } = socket;
  const { bits, nistCurve, asn1Curve, valid_to: validTo } = socket.getPeerCertificate();
  const curve = nistCurve ?? asn1Curve;
  const validUntilMs = Date.parse(validTo);
  const keyType = curve !== undefined ? `EC ${curve}` : bits !== undefined ? `RSA ${bits}` : undefined;
  return {
    version: socket.getProtocol() ?? 'an unknown version',
    cipher: socket.getCipher().name,
    ...(typeof alpnProtocol === 'string' && { protocol: alpnProtocol }),
    ...(keyType !== undefined && { keyType }),
    ...(!socket.authorized && { untrusted: untrustedText(authorizationError) }),
    ...(Number.isFinite(validUntilMs) && { validUntilMs }),
  };
}

const UNTRUSTED: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate authority is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
};

/** Node reports the code as a text, or an error for a wrong name. */
function untrustedText(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? error);
  return UNTRUSTED[code] ?? code;
}
