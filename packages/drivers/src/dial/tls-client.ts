import net from 'node:net';
import tls from 'node:tls';
import type { TlsHandshake } from '@drumline/model';
import type { Failure } from '../engine/failure.js';
import type { TlsOptions } from '../engine/settings.js';
import { readServerName, withoutFinalDot } from './host-names.js';
import { createTlsContext } from './tls-context.js';
import { TlsSessions } from './tls-sessions.js';
import type { DialTarget } from './transport.js';

/** Options of `tls.connect` that are not about TLS: host and port, or a socket. */
export type TlsRoute = Pick<tls.ConnectionOptions, 'host' | 'port' | 'socket'> & {
  readonly localAddress?: string;
  readonly onread?: net.OnReadOpts;
};

/** Options for the first connection to a target. */
interface Offer {
  readonly target: DialTarget;
  readonly alpn: readonly string[];
  readonly sessionKey: string;
  readonly ALPNProtocols: string[];
  /** Undefined if the target is an address. Its certificate is then checked against the address. */
  readonly servername: string | undefined;
  readonly checkServerIdentity: NonNullable<tls.ConnectionOptions['checkServerIdentity']>;
}

/** The TLS of a lane: one context and one session cache for all users. */
export class TlsClient {
  readonly #options: TlsOptions;
  readonly #sessions = new TlsSessions();
  #context: tls.SecureContext | undefined;
  #offer: Offer | undefined;

  /** @throws TypeError if the certificates, keys, versions, ciphers or protocols cannot be used */
  constructor(options: TlsOptions | undefined) {
    this.#options = options ?? {};
    // Loading the system's certificate authorities is slow, so it waits for the first TLS
    // connection.
    if (options !== undefined) this.#context = createTlsContext(options);
  }

  /** Starts to connect. The socket emits `secureConnect` when it is done. */
  connect(target: DialTarget, alpn: readonly string[], route: TlsRoute): tls.TLSSocket {
    const { resumeSessions, rejectUnauthorized } = this.#options;
    const { sessionKey, ALPNProtocols, servername, checkServerIdentity } = this.#offerTo(target, alpn);
    const options: tls.ConnectionOptions = {
      ...route,
      secureContext: (this.#context ??= createTlsContext({})),
      rejectUnauthorized: rejectUnauthorized !== false,
      ALPNProtocols,
    };
    if (servername !== undefined) options.servername = servername;
    else options.checkServerIdentity = checkServerIdentity;
    const session = resumeSessions === false ? undefined : this.#sessions.take(sessionKey);
    if (session !== undefined) options.session = session;
    const socket = tls.connect(options);
    socket.setNoDelay(true);
    if (resumeSessions !== false) socket.on('session', (fresh) => this.#sessions.put(sessionKey, fresh));
    return socket;
  }

  /** The ALPN offer for these protocols. */
  offered(alpn: readonly string[]): readonly string[] {
    return this.#options.alpn ?? alpn;
  }

  /** Most connections go to the same target. */
  #offerTo(target: DialTarget, alpn: readonly string[]): Offer {
    const last = this.#offer;
    if (last?.target === target && last.alpn === alpn) return last;
    const { servername: given } = this.#options;
    const servername = given === undefined ? withoutFinalDot(target.host) : readServerName(given);
    // Addresses are not valid server names (RFC 6066, section 3).
    const isName = net.isIP(servername) === 0;
    return (this.#offer = {
      target,
      alpn,
      sessionKey: `${servername}:${target.port}`,
      ALPNProtocols: [...this.offered(alpn)],
      servername: isName ? servername : undefined,
      checkServerIdentity: (_, certificate) => tls.checkServerIdentity(servername, certificate),
    });
  }

  /** The protocol chosen by ALPN. A server without ALPN uses HTTP/1.1. */
  agreed(socket: tls.TLSSocket, alpn: readonly string[]): string | Failure {
    const offered = this.offered(alpn);
    const chosen = socket.alpnProtocol;
    if (typeof chosen === 'string' && chosen !== '') {
      return offered.includes(chosen) ? chosen : mismatch(`the target chose ${chosen} unasked`);
    }
    return offered.some((protocol) => protocol !== 'h2')
      ? 'http/1.1'
      : mismatch('the target does not speak HTTP/2');
  }
}

export function handshakeOf(socket: tls.TLSSocket): TlsHandshake {
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    resumed: socket.isSessionReused(),
  };
}

function mismatch(what: string): Failure {
  return { class: 'tls', code: 'ALPN_MISMATCH', message: `TLS: ${what} (ALPN)` };
}
