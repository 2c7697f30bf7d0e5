import type { PlanProblem } from '@drumline/model';
import { readServerName } from '../dial/host-names.js';
import { createTlsContext } from '../dial/tls-context.js';
import type { TlsOptions } from '../engine/settings.js';
import { flag, listOf, must, object, oneOf, some, text, works, type Check } from './checks.js';

const tlsVersion = oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3');

const fields = object<TlsOptions>({
  ca: some(text),
  cert: text,
  key: text,
  passphrase: must((value) => typeof value === 'string', 'is not a string'),
  rejectUnauthorized: flag,
  servername: must(
    (value) => typeof value === 'string' && works(() => readServerName(value)),
    'is not a string',
  ),
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
    return verdict === true ? undefined : verdict.replace('invalid TLS options: ', '');
  };
  const parts = [{ ca }, { cert }, { key, passphrase }, { minVersion, maxVersion }, { ciphers }, { alpn }];
  const messages = parts.map(problem).filter((message) => message !== undefined);
  if (cert === undefined && key !== undefined) messages.push('key is set, but cert is missing');
  if (cert !== undefined && key === undefined) messages.push('cert is set, but key is missing');
  if (messages.length === 0) messages.push(...[problem(options)].filter((message) => message !== undefined));
  const hint = "use PEM text, for example with import ca from './ca.pem'";
  return messages.map((message) => ({ where, message, ...(message.includes('PEM') && { hint }) }));
}
