import net from 'node:net';
import tls from 'node:tls';
import type { TlsHandshake } from '@drumline/model';
import type { Failure } from '../engine/failure.js';
import type { TlsOptions } from '../engine/settings.js';
import { createTlsContext } from './tls-context.js';
import { TlsSessions } from './tls-sessions.js';
import type { DialTarget } from './transport.js';

/** What `tls.connect` needs besides TLS: host and port, or a socket. */
export type TlsRoute = Pick<tls.ConnectionOptions, 'host' | 'port' | 'socket'> & {
  readonly localAddress?: string;
  readonly onread?: net.OnReadOpts;
};

/** The TLS of a lane: one context, and one memory of sessions for all users. */
export class TlsClient {
  readonly #options: TlsOptions;
  readonly #sessions = new TlsSessions();
  #context: tls.SecureContext | undefined;

  /** @throws TypeError if the certificates, keys, versions, ciphers or protocols cannot be used */
  constructor(options: TlsOptions | undefined) {
    this.#options = options ?? {};
    // The system's authorities take a while to load: not before there is something secure to connect to.
    if (options !== undefined) this.#context = createTlsContext(options);
  }

  /** Begins to connect; the socket emits `secureConnect` in the end. */
  connect(target: DialTarget, alpn: readonly string[], route: TlsRoute): tls.TLSSocket {
    const { servername = target.host, rejectUnauthorized, resumeSessions } = this.#options;
    const key = `${servername}:${target.port}`;
    const session = resumeSessions === false ? undefined : this.#sessions.take(key);
    const options: tls.ConnectionOptions = {
      ...route,
      secureContext: (this.#context ??= createTlsContext({})),
      rejectUnauthorized: rejectUnauthorized !== false,
      ALPNProtocols: [...this.offered(alpn)],
    };
    if (session !== undefined) options.session = session;
    // RFC 6066, section 3: addresses are no server names.
    if (net.isIP(servername) === 0) options.servername = servername;
    else options.checkServerIdentity = (_, certificate) => tls.checkServerIdentity(servername, certificate);
    const socket = tls.connect(options);
    socket.setNoDelay(true);
    if (resumeSessions !== false) socket.on('session', (fresh) => this.#sessions.put(key, fresh));
    return socket;
  }

  /** What is offered by ALPN when this is asked for. */
  offered(alpn: readonly string[]): readonly string[] {
    return this.#options.alpn ?? alpn;
  }

  /** The protocol that was agreed on by ALPN; a server that does not know ALPN speaks HTTP/1.1. */
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
