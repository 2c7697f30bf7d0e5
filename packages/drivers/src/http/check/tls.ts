import type { PlanProblem } from '@drumline/model';
import { readServerName } from '../../dial/host-names.js';
import { createTlsContext } from '../../dial/tls-context.js';
import type { TlsOptions } from '../../engine/settings.js';
import { flag, listOf, must, object, oneOf, some, text, works, type Check } from './checks.js';

const tlsVersion = oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3');

const fields = object<TlsOptions>({
  ca: some(text),
  cert: text,
  key: text,
  passphrase: must((value) => typeof value === 'string', 'is not text'),
  rejectUnauthorized: flag,
  servername: must((value) => typeof value === 'string' && works(() => readServerName(value)), 'is not text'),
  minVersion: tlsVersion,
  maxVersion: tlsVersion,
  ciphers: text,
  alpn: listOf(text),
  resumeSessions: flag,
});

/** Checks TLS options individually, then whether OpenSSL accepts them. */
export const tls: Check = (value, where) => {
  const problems = fields(value, where);
  return problems.length > 0 ? problems : findTlsProblems(value as TlsOptions, where);
};

/** Checks each option alone, to report all problems, then all together. */
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
