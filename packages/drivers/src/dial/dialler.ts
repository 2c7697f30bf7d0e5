import net from 'node:net';
import type { EngineOptions } from '../engine/settings.js';
import { Names } from './names.js';
import { Opening, type DialCallbacks, type DialContext } from './opening.js';
import type { SocketTransport } from './socket-transport.js';
import { TlsClient } from './tls-client.js';
import type { Dialling, DialTarget } from './transport.js';

/** Opens the connections of a lane, which share names, TLS context and TLS sessions. */
export class Dialler {
  readonly #context: DialContext;
  readonly #transports = new Set<SocketTransport>();

  /** @throws TypeError if the TLS or network options cannot be used */
  constructor(options: EngineOptions) {
    this.#context = {
      now: options.now,
      names: new Names(options.network ?? {}, options.now),
      tls: new TlsClient(options.tls),
      transports: this.#transports,
      closed: false,
      ownAddress: inTurn(options.network?.localAddresses ?? []),
    };
  }

  /**
   * Opens a connection. The callbacks come later, never inside this call.
   * @param alpn what to offer, best first: `['h2', 'http/1.1']`; without TLS the first of them is spoken
   * @param timeoutMs for look-up, TCP and TLS together; 0: none
   */
  dial(target: DialTarget, alpn: readonly string[], timeoutMs: number, callbacks: DialCallbacks): Dialling {
    return new Opening(this.#context, target, alpn, timeoutMs, callbacks);
  }

  /** Closes every socket it opened, and fails what is being opened; resolves when all are closed. */
  async close(): Promise<void> {
    this.#context.closed = true;
    const closing = [...this.#transports].map(
      ({ socket }) => new Promise((resolve) => void socket.once('close', resolve).destroy()),
    );
    await Promise.all(closing);
  }
}

/** @throws TypeError if one is no address */
function inTurn(addresses: readonly string[]): DialContext['ownAddress'] {
  for (const address of addresses) {
    if (net.isIP(address) === 0)
      throw new TypeError(`the network options cannot be used: localAddresses: '${address}' is no address`);
  }
  const byFamily = (family: number): (() => string | undefined) => {
    const own = addresses.filter((address) => net.isIP(address) === family);
    let turn = 0;
    return () => own[turn++ % own.length];
  };
  const [next4, next6] = [byFamily(4), byFamily(6)];
  return (peer) => (net.isIPv6(peer) ? next6() : next4());
}
