import type { PlanProblem } from '@drumline/model';
import { OwnAddresses } from '../../dial/own-addresses.js';
import type { HttpSettings } from '../settings.js';

/** Settings that do not go together. */
export type Contradiction = Omit<PlanProblem, 'where'>;

/** @param all each right for itself */
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
    `HTTP/2 does not go with ${who}`,
    "leave version '2' and 'h2' in tls.alpn out",
  );
  refuse(
    viaUndici && sharedConnections !== undefined,
    `sharedConnections does not go with ${who}`,
    'leave one of them out',
  );
  refuse(
    sharedConnections !== undefined && connectionsPerUser !== undefined,
    'users have connections of their own (connectionsPerUser), or share them (sharedConnections)',
    'leave one of them out',
  );
  const family = dns?.family ?? 0;
  const from = new OwnAddresses(localAddresses).family;
  refuse(
    family !== 0 && from !== 0 && family !== from,
    `no IPv${family} connection can start from localAddresses of IPv${from}`,
    'leave dns.family out, or give addresses of its family',
  );
  return found;
}
