import net from 'node:net';
import type { NetworkOptions } from '../engine/settings.js';

/** So long after it kept silent an address is tried last; then one connection tries it again. */
const AVOID_MS = 10 * 60_000;
/**
 * An address that has answered before is avoided after so many losses in a row: it may only be
 * slow.
 */
const LOSSES_OF_KNOWN = 3;

/** Where a connection goes, and what was learnt about it. */
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

  /** It kept silent until another address, which was tried later, had answered. */
  lost(nowMs: number): void {
    this.#losses += 1;
    if (!this.#hasAnswered || this.#losses >= LOSSES_OF_KNOWN) this.#avoidUntilMs = nowMs + AVOID_MS;
  }

  /**
   * Whether others go first. Asked once for each connection: after a while one of them tries it
   * again.
   */
  isAvoided(nowMs: number): boolean {
    if (this.#avoidUntilMs === 0) return false;
    if (nowMs < this.#avoidUntilMs) return true;
    this.#avoidUntilMs = nowMs + AVOID_MS;
    return false;
  }
}

export type AddressOrder = NonNullable<NetworkOptions['addressOrder']>;

/** The addresses of one name, and whose turn it is. */
export class Addresses {
  #all: readonly Endpoint[] = [];
  #preferred: readonly Endpoint[] = [];
  #others: readonly Endpoint[] = [];
  #turn = 0;

  constructor(private readonly order: AddressOrder) {}

  /** @param endpoints as the system sorted them (RFC 6724): those of the other family than the first are for need only */
  set(endpoints: readonly Endpoint[]): void {
    this.#all = endpoints.map((fresh) => this.#all.find((known) => isSame(known, fresh)) ?? fresh);
    const family = endpoints.length === 0 ? 0 : net.isIP(endpoints[0]!.address);
    this.#preferred = this.#all.filter(({ address }) => net.isIP(address) === family);
    this.#others = this.#all.filter(({ address }) => net.isIP(address) !== family);
  }

  /**
   * All of them, in the order in which the next connection tries them: the families by turns (RFC
   * 8305, section 4).
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
