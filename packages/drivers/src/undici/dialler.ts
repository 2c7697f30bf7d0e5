import net from 'node:net';
import tls from 'node:tls';
import type { OpenedConnection } from '@drumline/model';
import type { EngineOptions, TlsOptions } from '../engine/contract.js';

/** What to connect to, as undici says it. */
export interface Destination {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty: the scheme's own. */
  readonly port: string;
  readonly servername?: string | null;
}

/** A connection being opened. */
export interface Dial {
  readonly socket: net.Socket;
  /** What it took; undefined until the connection is open. */
  timing(): OpenedConnection | undefined;
}

/** The connect limit passed. */
export class ConnectTimeout extends Error {
  readonly code = 'DRUMLINE_CONNECT_TIMEOUT';

  constructor(readonly limitMs: number) {
    super(`no connection within ${limitMs} ms`);
  }
}

/** Opens the connections of a lane, which share one TLS context and resume each other's TLS sessions. */
export class Dialler {
  readonly #now: () => number;
  readonly #tls: TlsOptions;
  #context: tls.SecureContext | undefined;
  readonly #sessions = new Map<string, Buffer>();

  /** @throws TypeError if the certificates, keys, versions or ciphers cannot be used */
  constructor(options: EngineOptions) {
    this.#now = options.now;
    this.#tls = options.tls ?? {};
    if (options.tls !== undefined) this.#context = createContext(options.tls);
  }

  /** Calls back once: with the open socket, or with what prevented it. `timeoutMs` 0 waits for ever. */
  dial(
    to: Destination,
    timeoutMs: number,
    callback: (error: Error | null, socket?: net.Socket) => void,
  ): Dial {
    const startedAt = this.#now();
    const secure = to.protocol === 'https:';
    const socket = secure ? this.#connectTls(to) : connectTcp(to);
    let [resolvedAt, connectedAt, openAt]: (number | undefined)[] = [];
    let settled = false;
    const settle = (error: Error | null): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      openAt = error === null ? this.#now() : undefined;
      if (error === null) callback(null, socket);
      else callback(error);
    };
    const timer =
      timeoutMs > 0
        ? setTimeout(
            () => setImmediate(() => !settled && socket.destroy(new ConnectTimeout(timeoutMs))),
            timeoutMs,
          )
        : undefined;
    socket.once('lookup', () => (resolvedAt = this.#now()));
    socket.once('connect', () => (connectedAt = this.#now()));
    socket.once(secure ? 'secureConnect' : 'connect', () => settle(null));
    socket.on('error', settle);
    socket.once('close', () => settle(new Error('the connection was closed while it was being opened')));
    return {
      socket,
      timing: () => {
        if (openAt === undefined || connectedAt === undefined) return undefined;
        const lookedUp = resolvedAt ?? startedAt;
        return {
          protocol: 'http/1.1',
          dnsMs: lookedUp - startedAt,
          tcpMs: connectedAt - lookedUp,
          tlsMs: secure ? openAt - connectedAt : 0,
        };
      },
    };
  }

  #connectTls(to: Destination): tls.TLSSocket {
    const servername = this.#tls.servername ?? (to.servername || to.hostname);
    const port = Number(to.port || 443);
    const key = `${servername}:${port}`;
    const resume = this.#tls.resumeSessions !== false;
    const session = resume ? this.#sessions.get(key) : undefined;
    const socket = tls.connect({
      host: to.hostname,
      port,
      secureContext: (this.#context ??= createContext({})),
      rejectUnauthorized: this.#tls.rejectUnauthorized !== false,
      ALPNProtocols: ['http/1.1'],
      ...(net.isIP(servername) === 0 && { servername }),
      ...(session !== undefined && { session }),
    });
    socket.setNoDelay(true);
    if (resume) socket.on('session', (fresh) => this.#sessions.set(key, fresh));
    return socket;
  }
}

function connectTcp(to: Destination): net.Socket {
  return net.connect({ host: to.hostname, port: Number(to.port || 80), noDelay: true });
}

function createContext(options: TlsOptions): tls.SecureContext {
  try {
    return tls.createSecureContext({
      ...(options.ca !== undefined && { ca: typeof options.ca === 'string' ? options.ca : [...options.ca] }),
      ...(options.cert !== undefined && { cert: options.cert }),
      ...(options.key !== undefined && { key: options.key }),
      ...(options.passphrase !== undefined && { passphrase: options.passphrase }),
      ...(options.minVersion !== undefined && { minVersion: options.minVersion }),
      ...(options.maxVersion !== undefined && { maxVersion: options.maxVersion }),
      ...(options.ciphers !== undefined && { ciphers: options.ciphers }),
    });
  } catch (error) {
    throw new TypeError(`the TLS options cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
