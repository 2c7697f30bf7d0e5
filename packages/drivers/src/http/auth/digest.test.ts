import { describe, expect, test } from '@jest/globals';
import { parseChallenges } from './challenges.js';
import { DigestSession } from './digest.js';

const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };

function answering(header: string, login: { username: string; password: string }, cnonce: string) {
  return parseChallenges(header)
    .map((challenge) => DigestSession.answering(challenge, login, cnonce))
    .find((session) => session !== undefined);
}

function responseOf(authorization: string | undefined): string | undefined {
  return /response="([^"]*)"/.exec(authorization ?? '')?.[1];
}

describe('the examples of the standards', () => {
  const rfc7616 = (algorithm: string): string =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616, 3.9.1: %s', (algorithm, response) => {
    const session = answering(rfc7616(algorithm), MUFASA, 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ')!;
    const authorization = session.authorization('GET', '/dir/index.html');
    expect(responseOf(authorization)).toBe(response);
    for (const field of [
      'Digest username="Mufasa"',
      'realm="http-auth@example.org"',
      'uri="/dir/index.html"',
      `algorithm=${algorithm}`,
      'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"',
      'nc=00000001',
      'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
      'qop=auth',
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    ]) {
      expect(authorization).toContain(field);
    }
  });

  test('RFC 7616, 3.9.2: SHA-512-256 and the hash of a name outside ASCII', () => {
    const session = answering(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, charset=UTF-8, userhash=true, ' +
        'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"',
      { username: 'Jäsøn Doe', password: 'Secret, or not?' },
      'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    )!;
    const authorization = session.authorization('GET', '/doe.json');
    // Both as erratum 4897 has them: what is printed there was made with another hash.
    expect(authorization).toContain(
      'username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", userhash=true',
    );
    expect(responseOf(authorization)).toBe(
      '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
    );
  });

  test('RFC 2617, 3.5', () => {
    const session = answering(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      { username: 'Mufasa', password: 'Circle Of Life' },
      '0a4f113b',
    )!;
    expect(responseOf(session.authorization('GET', '/dir/index.html'))).toBe(
      '6629fae49393a05397450978507c4ef1',
    );
  });

  test('RFC 2069, erratum 749: without qop', () => {
    const session = answering(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      { username: 'Mufasa', password: 'CircleOfLife' },
      'unused',
    )!;
    const authorization = session.authorization('GET', '/dir/index.html');
    expect(responseOf(authorization)).toBe('1949323746fe6a43ef61f9606e7febea');
    expect(authorization).not.toMatch(/nc=|qop=|cnonce=|algorithm=/);
  });
});

test('a name outside ASCII without userhash is encoded by RFC 8187', () => {
  const session = answering(
    'Digest realm="a", nonce="b", qop=auth',
    { username: "Jäsøn (it's)", password: '' },
    'c',
  );
  expect(session!.authorization('GET', '/')).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20%28it%27s%29,");
});

test('the nonce count increases with each request and restarts with a new nonce', () => {
  const session = answering('Digest realm="a", nonce="b", qop=auth', MUFASA, 'c')!;
  const count = (): string | undefined => /nc=(\w+)/.exec(session.authorization('GET', '/'))?.[1];
  expect(Array.from({ length: 11 }, count)).toEqual(
    Array.from({ length: 11 }, (_, i) => (i + 1).toString(16).padStart(8, '0')),
  );
  session.renew('d');
  expect(session.authorization('GET', '/')).toMatch(/nonce="d".*nc=00000001/);
});

test.each([
  ['another scheme', 'Negotiate YII=, Basic realm="a"'],
  ['an unknown algorithm', 'Digest realm="a", nonce="b", algorithm=ROT13'],
  ['protection of the body only', 'Digest realm="a", nonce="b", qop="auth-int"'],
  ['no nonce', 'Digest realm="a"'],
  ['nonsense', '="'],
])('an unsupported challenge is not answered: %s', (_, header) => {
  expect(answering(header, MUFASA, 'c')).toBeUndefined();
});

test('parses several challenges in one header, quoted or not', () => {
  const header =
    'Negotiate a+/b==, Digest realm="say \\"hi\\", friend", nonce=abc,qop="auth" ,stale=TRUE, Basic  realm = "x,y", Bearer';
  expect(parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)])).toEqual([
    ['negotiate', {}],
    ['digest', { realm: 'say "hi", friend', nonce: 'abc', qop: 'auth', stale: 'TRUE' }],
    ['basic', { realm: 'x,y' }],
    ['bearer', {}],
  ]);
  expect(parseChallenges('')).toEqual([]);
});
