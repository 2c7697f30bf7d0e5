import { isIP } from 'node:net';
import type { PlanProblem } from '@drumline/model';
import { hostKey, parseEndpoint } from '../../dial/hosts.js';
import { OwnAddresses } from '../../dial/own-addresses.js';
import type { HttpSettings } from '../../settings/http-settings.js';

/** A conflict between settings. */
export type Contradiction = Omit<PlanProblem, 'where'>;

/** @param all settings that are valid individually */
export function findContradictions(all: HttpSettings): Contradiction[] {
  const { engine, proxy, version, sharedConnections, connectionsPerUser, dns, localAddresses = [] } = all;
  const found: Contradiction[] = [];
  const refuse = (wrong: boolean, message: string, hint: string): void => {
    if (wrong) found.push({ message, hint });
  };
  refuse(
    engine === 'native' && proxy !== undefined,
    "the engine 'native' does not support proxies",
    "remove engine: Drumline then uses 'undici', which supports them",
  );
  const what = proxy === undefined ? "the engine 'undici'" : 'a proxy';
  const viaUndici = engine === 'undici' || proxy !== undefined;
  const asksForH2 = version === '2' || all.tls?.alpn?.includes('h2') === true;
  refuse(
    viaUndici && asksForH2,
    `HTTP/2 cannot be combined with ${what}`,
    "remove version '2', and 'h2' from tls.alpn",
  );
  refuse(
    viaUndici && sharedConnections !== undefined,
    `sharedConnections cannot be combined with ${what}`,
    'remove one of them',
  );
  refuse(
    sharedConnections !== undefined && connectionsPerUser !== undefined,
    'connectionsPerUser cannot be combined with sharedConnections',
    'remove one of them',
  );
  refuse(
    all.oauth2 !== undefined && all.awsSignature !== undefined,
    'oauth2 cannot be combined with awsSignature',
    'remove one of them: both set the authorization header',
  );
  const family = dns?.family ?? 0;
  const wanted = family === 0 ? new OwnAddresses(localAddresses).family : family;
  for (const [name, value] of Object.entries(all.hosts ?? {})) {
    const families = [value].flat().map((text) => isIP(parseEndpoint(text)!.address));
    refuse(
      wanted !== 0 && !families.includes(wanted),
      `hosts['${name}'] has no IPv${wanted} address, but dns.family or localAddresses allows no other`,
      'add an address of that family, or remove dns.family and localAddresses',
    );
    refuse(
      proxy !== undefined &&
        hostKey(name) !== hostKey(new URL(proxy).host) &&
        hostKey(name) !== hostKey(new URL(proxy).hostname),
      `hosts['${name}'] has no effect: the proxy looks up host names`,
      'remove the name from hosts, or remove proxy',
    );
  }
  const from = new OwnAddresses(localAddresses).family;
  refuse(
    family !== 0 && from !== 0 && family !== from,
    `dns.family allows only IPv${family}, but all localAddresses are IPv${from}`,
    'remove dns.family, or use local addresses of that family',
  );
  return found;
}
