import dns from 'node:dns';
import net from 'node:net';
import { RecentMap } from '../engine/recent-map.js';
import { DEFAULT_DNS_TTL_MS, type NetworkOptions } from '../engine/settings.js';
import type { Failure } from '../engine/failure.js';
import { lookUpFailure } from '../engine/socket-errors.js';
import { Addresses, Endpoint, type AddressOrder } from './addresses.js';
import { Hosts } from './hosts.js';
import type { DialTarget } from './transport.js';

/** Limits memory: a target may redirect to any number of names. */
const REMEMBERED_NAMES = 10_000;

/** What is cached about a name. */
interface Name {
  readonly addresses: Addresses;
  validUntilMs: number;
  /** Callers waiting for a lookup in progress. */
  waiting: LookUp[] | undefined;
}

/** Exactly one of the two is called, once. */
export interface LookUp {
  onFound(endpoints: readonly Endpoint[]): void;
  onNotFound(failure: Failure): void;
}

/** Resolves hosts to addresses and caches the answers. */
export class Names {
  readonly #ttlMs: number;
  readonly #family: 0 | 4 | 6;
  readonly #order: AddressOrder;
  readonly #hosts: Hosts;
  readonly #names = new RecentMap<string, Name>(REMEMBERED_NAMES);

  /** @throws TypeError if `hosts` contains something that is not an address */
  constructor(
    options: NetworkOptions,
    private readonly now: () => number,
  ) {
    this.#ttlMs = options.dnsTtlMs ?? DEFAULT_DNS_TTL_MS;
    this.#family = options.family ?? 0;
    this.#order = options.addressOrder ?? 'round-robin';
    this.#hosts = new Hosts(options.hosts ?? {}, this.#order, this.#family);
  }

  /** The addresses to try, in order; undefined if a lookup is needed. */
  known(target: DialTarget): readonly Endpoint[] | undefined {
    const given = this.#hosts.find(target);
    if (given !== undefined) return given.next(this.now());
    const family = net.isIP(target.host);
    if (family !== 0)
      return this.#family === 0 || this.#family === family ? [new Endpoint(target.host, undefined)] : [];
    const name = this.#names.get(target.host);
    const nowMs = this.now();
    return name !== undefined && nowMs < name.validUntilMs ? name.addresses.next(nowMs) : undefined;
  }

  /** Asks the system, once for all concurrent callers. The answer always arrives later. */
  lookUp(host: string, caller: LookUp): void {
    let name = this.#names.get(host);
    if (name === undefined) {
      name = { addresses: new Addresses(this.#order), validUntilMs: -Infinity, waiting: undefined };
      this.#names.set(host, name);
    }
    if (name.waiting !== undefined) {
      name.waiting.push(caller);
      return;
    }
    name.waiting = [caller];
    this.#startLookUp(host, name);
  }

  #startLookUp(host: string, name: Name): void {
    dns.lookup(host, { all: true, family: this.#family }, (error, found) => {
      const callers = name.waiting!;
      name.waiting = undefined;
      if (error !== null) {
        const failure = lookUpFailure(error, host);
        for (const caller of callers) caller.onNotFound(failure);
        return;
      }
      name.addresses.set(found.map(({ address }) => new Endpoint(address, undefined)));
      const nowMs = this.now();
      name.validUntilMs = nowMs + this.#ttlMs;
      for (const caller of callers) caller.onFound(name.addresses.next(nowMs));
    });
  }
}
