import { isIP } from 'node:net';
import type { PlanProblem } from '@drumline/model';
import { OwnAddresses } from '../../dial/own-addresses.js';
import { hostKey, parseEndpoint } from '../../dial/hosts.js';
import type { HttpSettings } from '../settings.js';

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
    "the engine 'native' knows no proxies",
    "leave engine out: 'undici' goes through proxies",
  );
  const who = proxy === undefined ? "the engine 'undici'" : 'a proxy';
  const viaUndici = engine === 'undici' || proxy !== undefined;
  const asksForH2 = version === '2' || all.tls?.alpn?.includes('h2') === true;
  refuse(
    viaUndici && asksForH2,
    `HTTP/2 cannot be combined with ${who}`,
    "leave version '2' and 'h2' in tls.alpn out",
  );
  refuse(
    viaUndici && sharedConnections !== undefined,
    `sharedConnections cannot be combined with ${who}`,
    'leave one of them out',
  );
  refuse(
    sharedConnections !== undefined && connectionsPerUser !== undefined,
    'users have connections of their own (connectionsPerUser), or share them (sharedConnections)',
    'leave one of them out',
  );
  const family = dns?.family ?? 0;
  const wanted = family === 0 ? new OwnAddresses(localAddresses).family : family;
  for (const [name, value] of Object.entries(all.hosts ?? {})) {
    const families = [value].flat().map((text) => isIP(parseEndpoint(text)!.address));
    refuse(
      wanted !== 0 && !families.includes(wanted),
      `hosts['${name}'] has no IPv${wanted} address, and no other can be connected to`,
      'leave dns.family or localAddresses out, or give an address of their family',
    );
    refuse(
      proxy !== undefined &&
        hostKey(name) !== hostKey(new URL(proxy).host) &&
        hostKey(name) !== hostKey(new URL(proxy).hostname),
      `hosts['${name}'] has no effect: the proxy looks names up`,
      'leave the name or the proxy out',
    );
  }
  const from = new OwnAddresses(localAddresses).family;
  refuse(
    family !== 0 && from !== 0 && family !== from,
    `no IPv${family} connection can start from localAddresses of IPv${from}`,
    'leave dns.family out, or give addresses of its family',
  );
  return found;
}
