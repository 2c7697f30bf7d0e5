import { once } from 'node:events';
import net from 'node:net';
import { codeOf } from '../engine/socket-errors.js';

/** The addresses of this machine that connections start from, in turn. */
export class OwnAddresses {
  readonly #byFamily = new Map<number, string[]>();
  #turn = 0;

  /** @throws TypeError if one is not an address */
  constructor(addresses: readonly string[]) {
    for (const address of addresses) {
      const family = net.isIP(address);
      if (family === 0)
        throw new TypeError(
          `the network options cannot be used: localAddresses: '${address}' is not an IP address`,
        );
      const known = this.#byFamily.get(family);
      if (known === undefined) this.#byFamily.set(family, [address]);
      else known.push(address);
    }
  }

  /** The only family that can be reached from them; 0 if both can. */
  get family(): 0 | 4 | 6 {
    if (this.#byFamily.size !== 1) return 0;
    return this.#byFamily.has(4) ? 4 : 6;
  }

  /** To reach this peer from; undefined leaves it to the system. */
  next(peer: string): string | undefined {
    if (this.#byFamily.size === 0) return undefined;
    const own = this.#byFamily.get(net.isIP(peer))!;
    return own[this.#turn++ % own.length];
  }
}

/**
 * The first address that this machine does not have; undefined if it has all. Each is tried, as a machine may have more than its
 * interfaces list.
 */
export async function findForeignAddress(addresses: readonly string[]): Promise<string | undefined> {
  for (const address of addresses) {
    const server = net.createServer();
    try {
      await once(server.listen(0, address), 'listening');
    } catch (error) {
      if (codeOf(error) === 'EADDRNOTAVAIL') return address;
    } finally {
      server.close();
    }
  }
  return undefined;
}
