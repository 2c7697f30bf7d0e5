import { describe, expect, test } from '@jest/globals';
import type { PlanProblem } from '@drumline/model';
import { makeCertificate } from '../../../../../test/contract/support/certificates.js';
import { findHttpProblems } from './find-problems.js';

/** `http.timeout: 'soon' is not a duration … → hint` */
function told(settings: unknown, inherited?: unknown): string[] {
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
  ['all of them', WHOLE],
  ['none', undefined],
  ['some that are undefined', { engine: undefined, tls: { ca: undefined } }],
  [
    'names in any form',
    { hosts: { 'bücher.example': '127.0.0.1', '[::1]:80': '::1', 'P.example.': '10.0.0.1' } },
  ],
  ['the proxy by name', { proxy: 'http://p.example:3128', hosts: { 'p.example': '10.0.0.1' } }],
  ['a proxy', { proxy: 'http://ann:pw@proxy:3128', tls: { ca: cert } }],
  ['HTTP/2 over shared connections', { version: '2', sharedConnections: 2 }],
])('settings that are right are taken: %s', (_, settings) => {
  expect(told(settings)).toEqual([]);
});

describe('invalid settings are reported with their path and a hint:', () => {
  test.each<[unknown, string]>([
    [5, 'http: 5 is not an object'],
    [null, 'http: null is not an object'],
    [{ timout: '5s' }, 'http.timout: unknown setting → did you mean timeout?'],
    [{ engine: 'fast' }, "http.engine: 'fast' is not one of 'native', 'undici'"],
    [{ version: 2 }, "http.version: 2 is not one of 'auto', '1.1', '2'"],
    [{ proxy: 3128 }, 'http.proxy: 3128 is not text'],
    [
      { proxy: 'ann:pw@proxy:3128' },
      "http.proxy: the proxy cannot be used: '…@proxy:3128'; write 'http://user:password@proxy:3128'",
    ],
    [{ headers: ['a'] }, 'http.headers: a list is not an object'],
    [{ headers: { 'x a': 'b' } }, "http.headers['x a']: 'x a' is not a header name"],
    [
      { headers: { 'x-b': 'c\nd' } },
      "http.headers['x-b']: the value of header x-b holds a character that cannot be sent",
    ],
    [{ headers: { 'x-c': 5 } }, "http.headers['x-c']: 5 is not text"],
    [
      { timeout: 'soon' },
      "http.timeout: 'soon' is not a duration: write for example 500ms, 30s, 5m or 1h30m",
    ],
    [
      { idleTimeout: -1 },
      'http.idleTimeout: -1 is not a duration: use a number of milliseconds of at least 0',
    ],
    [{ keepAlive: 'no' }, "http.keepAlive: 'no' is neither true nor false"],
    [
      { connectionsPerUser: 0 },
      'http.connectionsPerUser: 0 is not a valid number → a whole number of at least 1',
    ],
    [{ redirects: -1 }, 'http.redirects: -1 is not a valid number → a whole number of at least 0'],
    [{ maxBodyBytes: -1 }, 'http.maxBodyBytes: -1 is not a valid number → a whole number of at least 0'],
    [{ responseBody: true }, "http.responseBody: true is not one of 'keep', 'discard', 'hash', 'stream'"],
    [{ dns: { order: 'last' } }, "http.dns.order: 'last' is not one of 'round-robin', 'random', 'first'"],
    [{ dns: { servers: [] } }, 'http.dns.servers: unknown setting → known options: ttl, family, order'],
    [
      { hosts: { 'shop.example': ['10.0.0.7', 'localhost'] } },
      "http.hosts['shop.example'][1]: 'localhost' is not an address → '10.0.0.7', '10.0.0.7:8443' or '[2001:db8::7]:8443'",
    ],
    [
      { hosts: { 'shop.example': [] } },
      "http.hosts['shop.example']: the list holds no address → give an address, or leave the name out",
    ],
    [
      { hosts: { 'https://shop.example': '10.0.0.7' } },
      "http.hosts['https://shop.example']: 'https://shop.example' is a URL: write the host alone, 'shop.example'",
    ],
    [
      { hosts: { '*.shop.example': '10.0.0.7' } },
      "http.hosts['*.shop.example']: '*.shop.example' has a wildcard: list each host separately",
    ],
    [
      { hosts: { 'Shop.example': '10.0.0.7', 'shop.example.': '10.0.0.8' } },
      "http.hosts: 'Shop.example' and 'shop.example.' are the same host",
    ],
    [
      { hosts: { 'shop.example': '10.0.0.7' }, dns: { family: 6 } },
      "http: hosts['shop.example'] has no IPv6 address, and no other can be connected to → leave dns.family or localAddresses out, or give an address of their family",
    ],
    [
      { hosts: { 'shop.example': '10.0.0.7' }, proxy: 'http://p:1' },
      "http: hosts['shop.example'] has no effect: the proxy looks names up → leave the name or the proxy out",
    ],
    [
      { proxy: 'http://a%3Ab:c@p:1' },
      "http.proxy: the user name 'a:b' has a colon: the server would take what follows it for the password",
    ],
    [
      { proxy: 'http://a%zz:b@p:1' },
      "http.proxy: the user name or password in the URL is not percent-encoded: write '%25' for '%' and '%40' for '@'",
    ],
    [
      { tls: { servername: 'shop.example:443' } },
      "http.tls.servername: 'shop.example:443' has a port: a server name is a name alone",
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
    [{ tls: { ca: [1, ''] } }, 'http.tls.ca[0]: 1 is not text'],
    [{ tls: { ca: () => {} } }, 'http.tls.ca: a function is not text'],
    [{ tls: { key } }, 'http.tls: key is there, but no cert that it belongs to'],
    [{ tls: { cert } }, 'http.tls: cert is there, but no key that belongs to it'],
    [
      { tls: { cert, key: makeCertificate({ commonName: 'other.example' }).key } },
      'http.tls: key is not the one that belongs to cert',
    ],
    [
      { engine: 'native', proxy: 'http://p:1' },
      "http: the engine 'native' knows no proxies → leave engine out: 'undici' goes through proxies",
    ],
    [
      { proxy: 'http://p:1', version: '2' },
      "http: HTTP/2 cannot be combined with a proxy → leave version '2' and 'h2' in tls.alpn out",
    ],
    [
      { engine: 'undici', tls: { alpn: ['h2'] } },
      "http: HTTP/2 cannot be combined with the engine 'undici' → leave version '2' and 'h2' in tls.alpn out",
    ],
    [
      { proxy: 'http://p:1', sharedConnections: 2 },
      'http: sharedConnections cannot be combined with a proxy → leave one of them out',
    ],
    [
      { connectionsPerUser: 1, sharedConnections: 2 },
      'http: users have connections of their own (connectionsPerUser), or share them (sharedConnections) → leave one of them out',
    ],
    [
      { dns: { family: 6 }, localAddresses: ['10.0.0.1'] },
      'http: no IPv6 connection can start from localAddresses of IPv4 → leave dns.family out, or give addresses of its family',
    ],
  ])('%j', (settings, problem) => {
    expect(told(settings)[0]).toBe(problem);
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
    const problems = told({ timeout: 'soon', redirects: 0.5, tls, dns: { ttl: 'x', famly: 4 } });
    expect(problems.map((problem) => problem.split(/ \(|, | → |: write/)[0])).toEqual([
      "http.timeout: 'soon' is not a duration",
      'http.redirects: 0.5 is not a valid number',
      'http.tls: ca is not PEM text',
      'http.tls: cert is not PEM text',
      'http.tls: key is not PEM text',
      'http.tls: minVersion TLSv1.3 is above maxVersion TLSv1.2',
      'http.tls: ciphers names none that OpenSSL knows',
      "http.dns.ttl: 'x' is not a duration",
      'http.dns.famly: unknown setting',
    ]);
    expect(problems[2]).toMatch(/ → certificates and keys are PEM text: import ca from '\.\/ca\.pem'$/);
  });
});

describe('settings of a user type', () => {
  const shared = { sharedConnections: 2 };

  test('go over those of the scenario, and may contradict them', () => {
    expect(told({ connectionsPerUser: 1 }, shared)).toHaveLength(1);
    expect(told({ timeout: '5s' }, shared)).toEqual([]);
    expect(told({ timeout: '5s' }, { ...shared, connectionsPerUser: 1 })).toEqual([]);
    expect(told({ sharedConnections: undefined, connectionsPerUser: 1 }, shared)).toEqual([]);
  });

  test('are not judged beside those that are wrong themselves', () => {
    expect(told({ connectionsPerUser: 1 }, { sharedConnections: 'all' })).toEqual([]);
    expect(told({ connectionsPerUser: 1 }, 5)).toEqual([]);
  });
});
