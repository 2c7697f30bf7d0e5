import type { EngineOptions, NetworkOptions } from '../engine/settings.js';
import { Names } from './names.js';
import { Opening, type DialCallbacks, type DialContext } from './opening.js';
import { OwnAddresses } from './own-addresses.js';
import { TlsClient } from './tls-client.js';
import type { Dialling, DialTarget } from './transport.js';

/** Opens the connections of a lane, which share names, TLS context and TLS sessions. */
export class Dialler {
  readonly #context: DialContext;

  /** @throws TypeError if the TLS or network options cannot be used */
  constructor({ now, tls, network = {} }: EngineOptions) {
    const ownAddresses = new OwnAddresses(network.localAddresses ?? []);
    this.#context = {
      now,
      names: new Names({ ...network, family: commonFamily(network, ownAddresses) }, now),
      tls: new TlsClient(tls),
      ownAddresses,
      transports: new Set(),
      closed: false,
    };
  }

  /**
   * Opens a connection. The callbacks are called later, never inside this call.
   * @param alpn protocols to offer, best first: `['h2', 'http/1.1']`; without TLS the first is used
   * @param timeoutMs for name lookup, TCP and TLS together; 0 for no limit
   */
  dial(target: DialTarget, alpn: readonly string[], timeoutMs: number, callbacks: DialCallbacks): Dialling {
    return new Opening(this.#context, target, alpn, timeoutMs, callbacks);
  }

  /**
   * Closes every socket that it opened and cancels pending attempts. Resolves when all are closed.
   */
  async close(): Promise<void> {
    this.#context.closed = true;
    const closing = [...this.#context.transports].map(
      ({ socket }) => new Promise((resolve) => void socket.once('close', resolve).destroy()),
    );
    await Promise.all(closing);
  }
}

function commonFamily({ family = 0 }: NetworkOptions, own: OwnAddresses): 0 | 4 | 6 {
  if (family !== 0 && own.family !== 0 && family !== own.family)
    throw new TypeError(
      `invalid network options: family allows only IPv${family}, but all localAddresses are IPv${own.family}`,
    );
  return family === 0 ? own.family : family;
}
