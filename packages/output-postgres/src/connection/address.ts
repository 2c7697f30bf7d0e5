import { OptionReader, type OutputOption, type OutputSpec } from '@drumline/outputs';
import type { Address } from './connect.js';

/** Options of libpq that belong to the connection string. */
const LIBPQ = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name', 'host'] as const;

/** Options of `addressOf`. */
export const POSTGRES_OPTIONS: readonly OutputOption[] = [
  { name: 'schema', text: 'Schema of the tables, created if it is missing', standard: 'drumline' },
  { name: 'sslmode', text: 'TLS, as for psql: require, verify-full and others' },
  { name: 'sslrootcert', text: 'File with the certificate authority, as for psql' },
  { name: 'sslcert', text: 'File with the certificate of the client' },
  { name: 'sslkey', text: 'File with the key of the client' },
  { name: 'application_name', text: 'Name of the connections in pg_stat_activity' },
  { name: 'host', text: 'Directory of a Unix socket' },
];

/**
 * Reads where to write to.
 * @throws OutputProblem with all that is wrong
 */
export function addressOf(spec: OutputSpec): Address {
  const options = new OptionReader(spec);
  const schema = options.text('schema', 'drumline');
  if (schema === '' || Buffer.byteLength(schema) > 63 || schema.includes('\0'))
    options.problem('option schema must be a name of at most 63 bytes');
  const given = LIBPQ.flatMap((name) => {
    const value = options.text(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const url = spec.url === undefined ? undefined : connectionString(spec.url, given);
  if (url === null) options.problem('needs a URL such as postgres://user@host/database');
  if (spec.url === undefined && given.length > 0)
    options.problem(`option ${given[0]![0]} needs a URL, for example postgres=postgres://host/database`);
  options.done();
  return { url: url ?? undefined, schema };
}

/** @returns null if the URL is none of PostgreSQL */
function connectionString(text: string, options: readonly (readonly [string, string])[]): string | null {
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return null;
  const query = new URLSearchParams(Object.fromEntries(options));
  // The modes of TLS mean what they mean to psql.
  query.set('uselibpqcompat', 'true');
  return `${text}?${query.toString()}`;
}
