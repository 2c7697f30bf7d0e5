import { describe, expect, test } from '@jest/globals';
import type { PlanProblem } from '@drumline/model';
import { makeCertificate } from '../../../../../test/contract/support/certificates.js';
import { findHttpProblems } from './find-problems.js';

/** `http.timeout: 'soon' is not a duration … → hint` */
function problemsOf(settings: unknown, inherited?: unknown): string[] {
  return findHttpProblems(settings, 'http', inherited).map(({ where, message, hint }: PlanProblem) =>
    hint === undefined ? `${where}: ${message}` : `${where}: ${message} → ${hint}`,
  );
}

const { cert, key } = makeCertificate({ commonName: 'shop.example' });
const WHOLE = {
  engine: 'native',
  version: 'auto',
  headers: { 'x-a': 'b' },
  timeout: '5s',
  connectTimeout: 1_000,
  firstByteTimeout: 0,
  keepAlive: false,
  idleTimeout: '1.5m',
  connectionsPerUser: 2,
  maxStreams: 10,
  redirects: 0,
  cookies: false,
  decompress: false,
  responseBody: 'hash',
  maxBodyBytes: 1_000_000,
  strict: true,
  dns: { ttl: 0, family: 4, order: 'first' },
  hosts: { 'shop.example': '127.0.0.1', 'b:8443': ['10.0.0.7:8443', '[::1]:80', '::1'] },
  localAddresses: ['127.0.0.1'],
  tls: {
    ca: [cert],
    cert,
    key,
    passphrase: '',
    rejectUnauthorized: false,
    servername: 'x',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
    alpn: ['http/1.1'],
    resumeSessions: false,
  },
};

test.each([
  ['all settings', WHOLE],
  ['none', undefined],
  ['some that are undefined', { engine: undefined, tls: { ca: undefined } }],
  [
    'names in any form',
    { hosts: { 'bücher.example': '127.0.0.1', '[::1]:80': '::1', 'P.example.': '10.0.0.1' } },
  ],
  ['the proxy by name', { proxy: 'http://p.example:3128', hosts: { 'p.example': '10.0.0.1' } }],
  ['a proxy', { proxy: 'http://ann:pw@proxy:3128', tls: { ca: cert } }],
  [
    'OAuth 2 and traces',
    {
      oauth2: {
        tokenUrl: '/token',
        clientId: 'a',
        clientSecret: 'b',
        scope: 'c',
        params: { audience: 'd' },
        clientAuth: 'body',
        origins: ['https://api.example'],
      },
      tracing: { sample: 0.01 },
    },
  ],
  [
    'AWS signatures',
    {
      awsSignature: {
        region: 'eu-central-1',
        service: 's3',
        accessKeyId: 'a',
        secretAccessKey: 'b',
        sessionToken: 'c',
      },
    },
  ],
  ['HTTP/2 over shared connections', { version: '2', sharedConnections: 2 }],
])('valid settings are accepted: %s', (_, settings) => {
  expect(problemsOf(settings)).toEqual([]);
});

describe('invalid settings are reported with their path and a hint:', () => {
  test.each<[unknown, string]>([
    [5, 'http: 5 is not an object'],
    [null, 'http: null is not an object'],
    [{ timout: '5s' }, 'http.timout: unknown setting → did you mean timeout?'],
    [{ engine: 'fast' }, "http.engine: 'fast' is not one of 'native', 'undici'"],
    [{ version: 2 }, "http.version: 2 is not one of 'auto', '1.1', '2'"],
    [{ proxy: 3128 }, 'http.proxy: 3128 is not a string'],
    [
      { proxy: 'ann:pw@proxy:3128' },
      "http.proxy: '…@proxy:3128' is not a valid proxy: write it as 'http://user:password@proxy:3128'",
    ],
    [{ headers: ['a'] }, 'http.headers: a list is not an object'],
    [{ headers: { 'x a': 'b' } }, "http.headers['x a']: 'x a' is not a valid header name"],
    [
      { headers: { 'x-b': 'c\nd' } },
      "http.headers['x-b']: the value of header x-b must not contain control characters or characters beyond U+00FF",
    ],
    [{ headers: { 'x-c': 5 } }, "http.headers['x-c']: 5 is not a string"],
    [
      { oauth2: { tokenUrl: '/token', clientID: 'a', clientSecret: 'b' } },
      'http.oauth2.clientID: unknown setting → did you mean clientId?',
    ],
    [{ oauth2: { tokenUrl: '/token', clientSecret: 'b' } }, 'http.oauth2: clientId is missing'],
    [
      { oauth2: { tokenUrl: '/token', clientId: 'a', clientSecret: 'b', origins: ['api'] } },
      "http.oauth2.origins[0]: 'api' is not an origin → use a complete URL, such as 'https://api.example'",
    ],
    [
      { tracing: { sample: 2 } },
      'http.tracing.sample: 2 is not a number from 0 to 1 → 0.01 is one call in a hundred',
    ],
    [
      {
        oauth2: { tokenUrl: '/', clientId: 'a', clientSecret: 'b' },
        awsSignature: { region: 'r', service: 's', accessKeyId: 'a', secretAccessKey: 'b' },
      },
      'http: oauth2 cannot be combined with awsSignature → remove one of them: both set the authorization header',
    ],
    [
      { timeout: 'soon' },
      "http.timeout: 'soon' is not a duration: write, for example, 500ms, 30s, 5m or 1h30m",
    ],
    [
      { idleTimeout: -1 },
      'http.idleTimeout: -1 is not a duration: use a number of milliseconds of at least 0',
    ],
    [{ keepAlive: 'no' }, "http.keepAlive: 'no' is not a boolean: use true or false"],
    [{ connectionsPerUser: 0 }, 'http.connectionsPerUser: 0 is not a whole number of at least 1'],
    [{ redirects: -1 }, 'http.redirects: -1 is not a whole number of at least 0'],
    [{ maxBodyBytes: -1 }, 'http.maxBodyBytes: -1 is not a whole number of at least 0'],
    [{ responseBody: true }, "http.responseBody: true is not one of 'keep', 'discard', 'hash', 'stream'"],
    [{ dns: { order: 'last' } }, "http.dns.order: 'last' is not one of 'round-robin', 'random', 'first'"],
    [{ dns: { servers: [] } }, 'http.dns.servers: unknown setting → known options: ttl, family, order'],
    [
      { hosts: { 'shop.example': ['10.0.0.7', 'localhost'] } },
      "http.hosts['shop.example'][1]: 'localhost' is not an address → use '10.0.0.7', '10.0.0.7:8443' or '[2001:db8::7]:8443'",
    ],
    [
      { hosts: { 'shop.example': [] } },
      "http.hosts['shop.example']: the list of addresses is empty → add an address, or remove the name",
    ],
    [
      { hosts: { 'https://shop.example': '10.0.0.7' } },
      "http.hosts['https://shop.example']: 'https://shop.example' is a URL: write only the host, 'shop.example'",
    ],
    [
      { hosts: { '*.shop.example': '10.0.0.7' } },
      "http.hosts['*.shop.example']: '*.shop.example' has a wildcard: list each host separately",
    ],
    [
      { hosts: { 'Shop.example': '10.0.0.7', 'shop.example.': '10.0.0.8' } },
      "http.hosts: 'Shop.example' and 'shop.example.' are the same host: remove one of them",
    ],
    [
      { hosts: { 'shop.example': '10.0.0.7' }, dns: { family: 6 } },
      "http: hosts['shop.example'] has no IPv6 address, but dns.family or localAddresses allows no other → add an address of that family, or remove dns.family and localAddresses",
    ],
    [
      { hosts: { 'shop.example': '10.0.0.7' }, proxy: 'http://p:1' },
      "http: hosts['shop.example'] has no effect: the proxy looks up host names → remove the name from hosts, or remove proxy",
    ],
    [
      { proxy: 'http://a%3Ab:c@p:1' },
      "http.proxy: the user name 'a:b' must not contain a colon: the server would read the rest as the password",
    ],
    [
      { proxy: 'http://a%zz:b@p:1' },
      "http.proxy: the user name or password in the URL is not percent-encoded: write '%25' for '%' and '%40' for '@'",
    ],
    [
      { tls: { servername: 'shop.example:443' } },
      "http.tls.servername: remove the port from 'shop.example:443': a server name has none",
    ],
    [{ localAddresses: '10.0.0.1' }, "http.localAddresses: '10.0.0.1' is not a list"],
    [{ localAddresses: ['10.0.0'] }, "http.localAddresses[0]: '10.0.0' is not an IP address"],
    [
      { tls: { minVersion: 'TLSv2' } },
      "http.tls.minVersion: 'TLSv2' is not one of 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'",
    ],
    [
      { tls: { rejectUnauthorised: false } },
      'http.tls.rejectUnauthorised: unknown setting → did you mean rejectUnauthorized?',
    ],
    [{ tls: { ca: [1, ''] } }, 'http.tls.ca[0]: 1 is not a string'],
    [{ tls: { ca: () => {} } }, 'http.tls.ca: a function is not a string'],
    [{ tls: { key } }, 'http.tls: key is set, but cert is missing'],
    [{ tls: { cert } }, 'http.tls: cert is set, but key is missing'],
    [
      { tls: { cert, key: makeCertificate({ commonName: 'other.example' }).key } },
      'http.tls: key does not belong to cert',
    ],
    [
      { engine: 'native', proxy: 'http://p:1' },
      "http: the engine 'native' does not support proxies → remove engine: Drumline then uses 'undici', which supports them",
    ],
    [
      { proxy: 'http://p:1', version: '2' },
      "http: HTTP/2 cannot be combined with a proxy → remove version '2', and 'h2' from tls.alpn",
    ],
    [
      { engine: 'undici', tls: { alpn: ['h2'] } },
      "http: HTTP/2 cannot be combined with the engine 'undici' → remove version '2', and 'h2' from tls.alpn",
    ],
    [
      { proxy: 'http://p:1', sharedConnections: 2 },
      'http: sharedConnections cannot be combined with a proxy → remove one of them',
    ],
    [
      { connectionsPerUser: 1, sharedConnections: 2 },
      'http: connectionsPerUser cannot be combined with sharedConnections → remove one of them',
    ],
    [
      { dns: { family: 6 }, localAddresses: ['10.0.0.1'] },
      'http: dns.family allows only IPv6, but all localAddresses are IPv4 → remove dns.family, or use local addresses of that family',
    ],
  ])('%j', (settings, problem) => {
    expect(problemsOf(settings)[0]).toBe(problem);
  });

  test('all at once', () => {
    const tls = {
      ca: 'certs/ca.pem',
      cert: 'x',
      key: 'y',
      ciphers: 'none',
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.2',
    };
    const problems = problemsOf({ timeout: 'soon', redirects: 0.5, tls, dns: { ttl: 'x', famly: 4 } });
    expect(problems.map((problem) => problem.split(/ \(|, | → |: write/)[0])).toEqual([
      "http.timeout: 'soon' is not a duration",
      'http.redirects: 0.5 is not a whole number of at least 0',
      'http.tls: ca is not PEM text',
      'http.tls: cert is not PEM text',
      'http.tls: key is not PEM text',
      'http.tls: minVersion TLSv1.3 is above maxVersion TLSv1.2',
      'http.tls: OpenSSL supports none of the ciphers',
      "http.dns.ttl: 'x' is not a duration",
      'http.dns.famly: unknown setting',
    ]);
    expect(problems[2]).toMatch(/ → use PEM text, for example with import ca from '\.\/ca\.pem'$/);
  });
});

describe('settings of a user type', () => {
  const shared = { sharedConnections: 2 };

  test('override those of the scenario, and may contradict them', () => {
    expect(problemsOf({ connectionsPerUser: 1 }, shared)).toHaveLength(1);
    expect(problemsOf({ timeout: '5s' }, shared)).toEqual([]);
    expect(problemsOf({ timeout: '5s' }, { ...shared, connectionsPerUser: 1 })).toEqual([]);
    expect(problemsOf({ sharedConnections: undefined, connectionsPerUser: 1 }, shared)).toEqual([]);
  });

  test('are not compared with invalid settings of the scenario', () => {
    expect(problemsOf({ connectionsPerUser: 1 }, { sharedConnections: 'all' })).toEqual([]);
    expect(problemsOf({ connectionsPerUser: 1 }, 5)).toEqual([]);
  });
});
