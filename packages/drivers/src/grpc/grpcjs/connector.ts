import type net from 'node:net';
import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import type { OpenedConnection } from '@drumline/model';
import { handshakeOf, type TlsClient } from '../../dial/tls-client.js';
import type { DialTarget } from '../../dial/transport.js';
import { CLOSED_WHILE_OPENING, type Failure } from '../../engine/failure.js';
import { socketFailure } from '../../engine/socket-errors.js';

type SecureConnector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type SecureConnection = Awaited<ReturnType<SecureConnector['connect']>>;

/** Callbacks for the connections that a channel of grpc-js opens. */
export interface ConnectionWatcher {
  readonly now: () => number;
  readonly tls: TlsClient;
  readonly target: DialTarget;
  /** TCP and TLS are done. */
  onOpened(opened: Omit<OpenedConnection, 'dnsMs'>, tcp: net.Socket): void;
  /** TLS failed. */
  onFailed(failure: Failure): void;
  /** TCP is connected: a socket that has to be closed in the end. */
  onSocket(tcp: net.Socket): void;
}

/** The extension point of grpc-js for connections. It sets up their TLS and times them. */
export class WatchedCredentials extends ChannelCredentials {
  /** Connections are no longer needed. */
  abandoned = false;

  constructor(readonly watcher: ConnectionWatcher) {
    super();
  }

  override compose(): ChannelCredentials {
    return this;
  }

  override _isSecure(): boolean {
    return this.watcher.target.secure;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(): SecureConnector {
    return new Connector(this);
  }
}

/** Of one address; one connection at a time. */
class Connector implements SecureConnector {
  #startedAtMs = 0;

  constructor(private readonly owner: WatchedCredentials) {}

  /** Called just before the TCP connection is opened. */
  waitForReady(): Promise<void> {
    this.#startedAtMs = this.owner.watcher.now();
    return Promise.resolve();
  }

  connect(tcp: net.Socket): Promise<SecureConnection> {
    const { watcher, abandoned } = this.owner;
    const connectedAtMs = watcher.now();
    const tcpMs = connectedAtMs - this.#startedAtMs;
    watcher.onSocket(tcp);
    if (abandoned) {
      tcp.destroy();
      return Promise.reject(new Error('abandoned'));
    }
    if (!watcher.target.secure) {
      watcher.onOpened({ protocol: 'h2', tcpMs, tlsMs: 0 }, tcp);
      return Promise.resolve({ socket: tcp, secure: false });
    }
    return new Promise((resolve, reject) => {
      const socket = watcher.tls.connect(watcher.target, H2, { socket: tcp });
      const fail = (failure: Failure): void => {
        socket.destroy();
        watcher.onFailed(failure);
        reject(new Error(failure.message));
      };
      const onClose = (): void => fail(CLOSED_WHILE_OPENING);
      socket.on('error', (error) => fail(socketFailure(error)));
      socket.once('close', onClose);
      socket.once('secureConnect', () => {
        socket.off('close', onClose);
        const agreed = watcher.tls.agreed(socket, H2);
        if (typeof agreed !== 'string') return fail(agreed);
        const tlsMs = watcher.now() - connectedAtMs;
        watcher.onOpened({ protocol: agreed, tcpMs, tlsMs, tls: handshakeOf(socket) }, tcp);
        resolve({ socket, secure: true });
      });
    });
  }

  getCallCredentials(): ReturnType<typeof credentials.createEmpty> {
    return credentials.createEmpty();
  }

  destroy(): void {}
}

const H2: readonly string[] = ['h2'];
