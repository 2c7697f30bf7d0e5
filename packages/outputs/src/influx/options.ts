import { readSecret } from '../http/credentials.js';
import { OptionReader } from '../option-reader.js';
import type { OutputSpec } from '../output.js';
import type { InfluxServer } from './server.js';

export interface InfluxOptions {
  readonly server: InfluxServer;
  /** Begins the name of each measurement. */
  readonly prefix: string;
}

export const EXAMPLE = 'influxdb=http://localhost:8086/drumline';

/**
 * Reads which server is meant: version 1 by a database in the path, version 2 by `org` and
 * `bucket`.
 * @throws OutputProblem with all that is wrong
 */
export function readInfluxOptions(spec: OutputSpec): InfluxOptions {
  const reader = new OptionReader(spec);
  const url = readUrl(reader);
  const org = reader.text('org');
  const bucket = reader.text('bucket');
  const retention = reader.text('retention');
  const prefix = reader.text('prefix', 'drumline_');
  const token = readSecret(reader, 'token') ?? process.env['INFLUX_TOKEN'];
  if (!/^\w+$/.test(prefix)) reader.problem('option prefix must consist of letters, digits and _');
  const isSecond = org !== undefined || bucket !== undefined;
  const [base, database] = splitPath(url);
  if (isSecond) {
    if (org === undefined || bucket === undefined)
      reader.problem('options org and bucket are needed together');
    if (token === undefined) reader.problem('needs option token, or the variable INFLUX_TOKEN');
    if (retention !== undefined) reader.problem('option retention is for InfluxDB 1; name a bucket instead');
  } else if (url !== undefined && database === '')
    reader.problem(`needs a database, such as ${EXAMPLE}, or the options org and bucket`);
  reader.done();
  if (isSecond) return { server: second(url!, org!, bucket!, token!), prefix };
  return { server: first(url!, base, database, retention, token), prefix };
}

function readUrl(reader: OptionReader): URL | undefined {
  const text = reader.requireUrl(EXAMPLE);
  if (text === '') return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  reader.problem('the URL must begin with http:// or https://');
  return undefined;
}

/** The database of version 1 is the last part of the path. */
function splitPath(url: URL | undefined): [base: string, database: string] {
  const parts = url?.pathname.split('/').filter((part) => part !== '') ?? [];
  const database = decodeURIComponent(parts.pop() ?? '');
  return [[url?.origin, ...parts].join('/'), database];
}

function first(
  url: URL,
  base: string,
  database: string,
  retention: string | undefined,
  token: string | undefined,
): InfluxServer {
  const write = endpoint(base, '/write', {
    db: database,
    ...(retention !== undefined && { rp: retention }),
    precision: 'ns',
  });
  const query = endpoint(base, '/query', { db: database });
  const { username, password } = url;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const basic = username === '' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
  const authorization = token === undefined ? basic : `Token ${token}`;
  return {
    write,
    headers: authorization === undefined ? {} : { authorization },
    discard: (runId, measurements) => ({
      url: query,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(
        new URLSearchParams({
          q: measurements.map((name) => `DELETE FROM "${name}" WHERE "run" = '${runId}'`).join('; '),
        }).toString(),
      ),
    }),
    unknownDatabase: `create it with influx -execute 'CREATE DATABASE "${database}"'`,
  };
}

function second(url: URL, org: string, bucket: string, token: string): InfluxServer {
  const base = url.origin + url.pathname.replace(/\/$/, '');
  return {
    write: endpoint(base, '/api/v2/write', { org, bucket, precision: 'ns' }),
    headers: { authorization: `Token ${token}` },
    discard: (runId) => ({
      url: endpoint(base, '/api/v2/delete', { org, bucket }),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(
        JSON.stringify({
          start: '1970-01-01T00:00:00Z',
          stop: '2100-01-01T00:00:00Z',
          predicate: `run="${runId}"`,
        }),
      ),
    }),
    unknownDatabase: 'check org and bucket',
  };
}

function endpoint(base: string, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(base + path);
  url.search = new URLSearchParams(query).toString();
  return url;
}
