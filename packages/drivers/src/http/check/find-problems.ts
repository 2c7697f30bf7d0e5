import { isIP } from 'node:net';
import { messageOf, type PlanProblem } from '@drumline/model';
import { parseEndpoint } from '../../dial/hosts.js';
import { createTlsContext } from '../../dial/tls-context.js';
import type { TlsOptions } from '../../engine/settings.js';
import { checkHeader } from '../../native/request-rules.js';
import { parseProxy } from '../../undici/proxy.js';
import type { DnsSettings, HttpSettings } from '../settings.js';
import { findContradictions } from './contradictions.js';
import { count, duration, flag, listOf, must, object, oneOf, record, some, text } from './checks.js';

const tlsVersion = oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3');

const header = record((value, where, name) =>
  must((it) => typeof it === 'string' && works(() => checkHeader(name, it)), 'is no text')(value, where),
);

const endpoint = must(
  (value) => typeof value === 'string' && parseEndpoint(value) !== undefined,
  'is no address',
  "'10.0.0.7', '10.0.0.7:8443' or '[2001:db8::7]:8443'",
);

const tls = object<TlsOptions>({
  ca: some(text),
  cert: text,
  key: text,
  passphrase: must((value) => typeof value === 'string', 'is no text'),
  rejectUnauthorized: flag,
  servername: text,
  minVersion: tlsVersion,
  maxVersion: tlsVersion,
  ciphers: text,
  alpn: listOf(text),
  resumeSessions: flag,
});

const settings = object<HttpSettings>({
  engine: oneOf('native', 'undici'),
  version: oneOf('auto', '1.1', '2'),
  proxy: must((value) => typeof value === 'string' && works(() => parseProxy(value)), 'is no text'),
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
  responseBody: oneOf('keep', 'discard', 'hash', 'stream'),
  tls: (value, where) => {
    const problems = tls(value, where);
    return problems.length > 0 ? problems : findTlsProblems(value as TlsOptions, where);
  },
  dns: object<DnsSettings>({
    ttl: duration,
    family: oneOf(0, 4, 6),
    order: oneOf('round-robin', 'random', 'first'),
  }),
  hosts: record(some(endpoint)),
  localAddresses: listOf(must((value) => typeof value === 'string' && isIP(value) !== 0, 'is no IP address')),
});

/**
 * Everything wrong with settings of the scenario or of a user type, looked at without trust.
 * @param where their path: `users[0].http`
 * @param inherited those of the scenario, over which those of a user type go
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

/** Each part for itself, so that all that is wrong is told; then together. */
function findTlsProblems(options: TlsOptions, where: string): PlanProblem[] {
  const { ca, cert, key, passphrase, minVersion, maxVersion, ciphers, alpn } = options;
  const problem = (part: Partial<TlsOptions>): string | undefined => {
    const given = Object.entries(part).filter(([, value]) => value !== undefined);
    const verdict = works(() => createTlsContext(Object.fromEntries(given)));
    return verdict === true ? undefined : verdict.replace('the TLS options cannot be used: ', '');
  };
  const parts = [{ ca }, { cert }, { key, passphrase }, { minVersion, maxVersion }, { ciphers }, { alpn }];
  const messages = parts.map(problem).filter((message) => message !== undefined);
  if (cert === undefined && key !== undefined) messages.push('key is there, but no cert that it belongs to');
  if (cert !== undefined && key === undefined) messages.push('cert is there, but no key that belongs to it');
  if (messages.length === 0) messages.push(...[problem(options)].filter((message) => message !== undefined));
  const hint = "certificates and keys are PEM text: import ca from './ca.pem'";
  return messages.map((message) => ({ where, message, ...(message.includes('PEM') && { hint }) }));
}

/** @returns true, or why it does not work */
function works(attempt: () => unknown): true | string {
  try {
    attempt();
    return true;
  } catch (error) {
    return messageOf(error);
  }
}
