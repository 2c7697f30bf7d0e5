import { isIP } from 'node:net';
import type { PlanProblem } from '@drumline/model';
import { hostKey, parseEndpoint } from '../../dial/hosts.js';
import { checkHeader } from '../../native/request-rules.js';
import {
  count,
  duration,
  flag,
  listOf,
  must,
  object,
  oneOf,
  record,
  some,
  works,
} from '../../settings/checks.js';
import type { DnsSettings, HttpSettings } from '../../settings/http-settings.js';
import { awsSignature, oauth2, tracing } from '../../settings/request-checks.js';
import { tls } from '../../settings/tls-check.js';
import { parseProxy } from '../../undici/proxy.js';
import { findContradictions } from './contradictions.js';

const header = record((value, where, name) =>
  must((it) => typeof it === 'string' && works(() => checkHeader(name, it)), 'is not a string')(value, where),
);

const endpoint = must(
  (value) => typeof value === 'string' && parseEndpoint(value) !== undefined,
  'is not an address',
  "use '10.0.0.7', '10.0.0.7:8443' or '[2001:db8::7]:8443'",
);

const NO_ADDRESS = { message: 'the list of addresses is empty', hint: 'add an address, or remove the name' };

/** Checks one host name in `hosts` and its addresses. */
function host(value: unknown, where: string, name: string): PlanProblem[] {
  const verdict = works(() => hostKey(name));
  return [
    ...(verdict === true ? [] : [{ where, message: verdict }]),
    ...(Array.isArray(value) && value.length === 0
      ? [{ where, ...NO_ADDRESS }]
      : some(endpoint)(value, where)),
  ];
}

/** Host names given twice in different spelling: only one could take effect. */
function findSameHosts(value: unknown, where: string): PlanProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const seen = new Map<string, string>();
  return Object.keys(value).flatMap((name) => {
    if (works(() => hostKey(name)) !== true) return [];
    const key = hostKey(name);
    const other = seen.get(key);
    seen.set(key, name);
    return other === undefined
      ? []
      : [{ where, message: `'${other}' and '${name}' are the same host: remove one of them` }];
  });
}

const settings = object<HttpSettings>({
  engine: oneOf('native', 'undici'),
  version: oneOf('auto', '1.1', '2'),
  proxy: must((value) => typeof value === 'string' && works(() => parseProxy(value)), 'is not a string'),
  oauth2,
  awsSignature,
  tracing,
  headers: header,
  timeout: duration,
  connectTimeout: duration,
  firstByteTimeout: duration,
  keepAlive: flag,
  idleTimeout: duration,
  connectionsPerUser: count(1),
  sharedConnections: count(1),
  maxStreams: count(1),
  redirects: count(0),
  cookies: flag,
  decompress: flag,
  strict: flag,
  maxBodyBytes: count(0),
  responseBody: oneOf('keep', 'discard', 'hash', 'stream'),
  tls,
  dns: object<DnsSettings>({
    ttl: duration,
    family: oneOf(0, 4, 6),
    order: oneOf('round-robin', 'random', 'first'),
  }),
  hosts: (value, where) => [...record(host)(value, where), ...findSameHosts(value, where)],
  localAddresses: listOf(
    must((value) => typeof value === 'string' && isIP(value) !== 0, 'is not an IP address'),
  ),
});

/**
 * All problems in the untyped settings of the scenario or of a user type.
 * @param where path of the settings: `users[0].http`
 * @param inherited settings of the scenario, which those of a user type override
 */
export function findHttpProblems(own: unknown, where: string, inherited: unknown = {}): PlanProblem[] {
  if (own === undefined) return [];
  const problems = settings(own, where);
  if (problems.length > 0 || settings(inherited, '').length > 0) return problems;
  const known = findContradictions(inherited as HttpSettings);
  return findContradictions({ ...(inherited as HttpSettings), ...own })
    .filter(({ message }) => !known.some((other) => other.message === message))
    .map((contradiction) => ({ where, ...contradiction }));
}
