import net from 'node:net';
import type { NetworkOptions } from '../engine/settings.js';
import { Addresses, Endpoint, type AddressOrder } from './addresses.js';
import { readHostName, withoutFinalDot } from './host-names.js';
import type { DialTarget } from './transport.js';

/** The names for which the user gave addresses. */
export class Hosts {
  readonly #given = new Map<string, Addresses>();

  /** @throws TypeError if an address is invalid, or no connection to a name is possible */
  constructor(hosts: NonNullable<NetworkOptions['hosts']>, order: AddressOrder, family: 0 | 4 | 6) {
    for (const [name, value] of Object.entries(hosts)) {
      const endpoints = (typeof value === 'string' ? [value] : value).map((text) => parse(text, name));
      const addresses = new Addresses(order);
      addresses.set(endpoints.filter(({ address }) => family === 0 || net.isIP(address) === family));
      this.#given.set(hostKey(name), addresses);
    }
  }

  /** A name with a port takes precedence over one without. */
  find(target: DialTarget): Addresses | undefined {
    if (this.#given.size === 0) return undefined;
    const host = withoutFinalDot(target.host);
    return this.#given.get(keyOf(host, target.port)) ?? this.#given.get(host);
  }
}

/** The key of a name in `hosts`. @throws TypeError if no connection to it is possible */
export function hostKey(name: string): string {
  const { host, port } = readHostName(name);
  return port === undefined ? host : keyOf(host, port);
}

function keyOf(host: string, port: number): string {
  return `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/**
 * Parses `10.0.0.7`, `10.0.0.7:8443`, `2001:db8::7`, `[2001:db8::7]:8443`.
 * @returns undefined for anything else
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (net.isIP(text) !== 0) return new Endpoint(text, undefined);
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? '';
  const port = digits === undefined ? undefined : Number(digits);
  const isWrong = net.isIP(address) === 0 || (bracketed !== undefined) !== net.isIPv6(address);
  return isWrong || port === 0 || (port ?? 1) > 65_535 ? undefined : new Endpoint(address, port);
}

function parse(text: string, name: string): Endpoint {
  const endpoint = parseEndpoint(text);
  if (endpoint !== undefined) return endpoint;
  throw new TypeError(
    `invalid network options: hosts['${name}']: '${text}' is not an address: use '10.0.0.7', '10.0.0.7:8443' or '[2001:db8::7]:8443'`,
  );
}
