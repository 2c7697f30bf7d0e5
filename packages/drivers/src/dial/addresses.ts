import net from 'node:net';
import type { NetworkOptions } from '../engine/settings.js';

/**
 * How long an address is tried last after it did not answer. Then one connection tries it again.
 */
const AVOID_MS = 10 * 60_000;
/**
 * An address that answered before is avoided after this many losses in a row. It may only be slow.
 */
const LOSSES_OF_KNOWN = 3;

/** An address that connections are opened to, with what earlier attempts showed about it. */
export class Endpoint {
  #hasAnswered = false;
  #losses = 0;
  #avoidUntilMs = 0;

  /** @param port the target's own, if undefined */
  constructor(
    readonly address: string,
    readonly port: number | undefined,
  ) {}

  /** A connection to it was opened. */
  answered(): void {
    this.#hasAnswered = true;
    this.#losses = 0;
    this.#avoidUntilMs = 0;
  }

  /** It did not answer before another address, tried later, answered. */
  lost(nowMs: number): void {
    this.#losses += 1;
    if (!this.#hasAnswered || this.#losses >= LOSSES_OF_KNOWN) this.#avoidUntilMs = nowMs + AVOID_MS;
  }

  /**
   * Whether other addresses are tried first. Asked once for each connection: after a while, one
   * connection tries this address again.
   */
  isAvoided(nowMs: number): boolean {
    if (this.#avoidUntilMs === 0) return false;
    if (nowMs < this.#avoidUntilMs) return true;
    this.#avoidUntilMs = nowMs + AVOID_MS;
    return false;
  }
}

export type AddressOrder = NonNullable<NetworkOptions['addressOrder']>;

/** The addresses of one name, with the order in which connections try them. */
export class Addresses {
  #all: readonly Endpoint[] = [];
  #preferred: readonly Endpoint[] = [];
  #others: readonly Endpoint[] = [];
  #turn = 0;

  constructor(private readonly order: AddressOrder) {}

  /**
   * @param endpoints in the order of the system (RFC 6724); the family of the first is preferred
   */
  set(endpoints: readonly Endpoint[]): void {
    this.#all = endpoints.map((fresh) => this.#all.find((known) => isSame(known, fresh)) ?? fresh);
    const family = endpoints.length === 0 ? 0 : net.isIP(endpoints[0]!.address);
    this.#preferred = this.#all.filter(({ address }) => net.isIP(address) === family);
    this.#others = this.#all.filter(({ address }) => net.isIP(address) !== family);
  }

  /**
   * All addresses, in the order for the next connection: alternating families (RFC 8305, section
   * 4).
   */
  next(nowMs: number): readonly Endpoint[] {
    if (this.#all.length < 2) return this.#all;
    const sorted = interleaved(this.#rotated(), this.#others);
    const avoided = sorted.filter((endpoint) => endpoint.isAvoided(nowMs));
    if (avoided.length === 0) return sorted;
    return [...sorted.filter((endpoint) => !avoided.includes(endpoint)), ...avoided];
  }

  #rotated(): readonly Endpoint[] {
    const all = this.#preferred;
    if (this.order === 'first' || all.length < 2) return all;
    const start =
      this.order === 'random' ? Math.floor(Math.random() * all.length) : this.#turn++ % all.length;
    return start === 0 ? all : [...all.slice(start), ...all.slice(0, start)];
  }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port;
}

function interleaved(first: readonly Endpoint[], second: readonly Endpoint[]): readonly Endpoint[] {
  if (second.length === 0) return first;
  const longer = Math.max(first.length, second.length);
  return Array.from({ length: longer }, (_, i) => [first[i], second[i]])
    .flat()
    .filter((endpoint) => endpoint !== undefined);
}
