import net from 'node:net';
import type { NetworkOptions } from '../engine/settings.js';

/** Where a connection really goes. */
export interface Endpoint {
  readonly address: string;
  /** The target's own, if undefined. */
  readonly port: number | undefined;
}

export type AddressOrder = NonNullable<NetworkOptions['addressOrder']>;

/** The addresses of one name, and whose turn it is. */
export class Addresses {
  #preferred: readonly Endpoint[] = [];
  #others: readonly Endpoint[] = [];
  #turn = 0;

  constructor(private readonly order: AddressOrder) {}

  /** @param endpoints as the system sorted them (RFC 6724): those of the other family than the first are for need only */
  set(endpoints: readonly Endpoint[]): void {
    const family = endpoints.length === 0 ? 0 : net.isIP(endpoints[0]!.address);
    this.#preferred = endpoints.filter(({ address }) => net.isIP(address) === family);
    this.#others = endpoints.filter(({ address }) => net.isIP(address) !== family);
  }

  /** All of them, in the order in which the next connection tries them. */
  next(): readonly Endpoint[] {
    const count = this.#preferred.length;
    if (this.order === 'first' || count + this.#others.length < 2) return this.#rotated(0);
    return this.#rotated(this.order === 'random' ? Math.floor(Math.random() * count) : this.#turn++ % count);
  }

  #rotated(start: number): readonly Endpoint[] {
    if (start === 0 && this.#others.length === 0) return this.#preferred;
    return [...this.#preferred.slice(start), ...this.#preferred.slice(0, start), ...this.#others];
  }
}
