import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeClock, judgeWorkerPort, narrowOffset } from './judge-master.js';
import { judgeProxies } from './judge-proxies.js';
import { judgeTarget } from './judge-target.js';
import { withoutLoad, type WorkerNeeds } from './needs.js';
import type { AddressFacts, TargetFacts, TlsFacts } from './target-facts.js';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

const v4: AddressFacts = { address: '192.0.2.7', family: 4, ms: 2 };
const v6: AddressFacts = { address: '2001:db8::7', family: 6, ms: 2 };
const facts = (rest: Partial<TargetFacts> = {}): TargetFacts => ({
  host: 'shop.example',
  port: 443,
  lookup: { firstMs: 12, secondMs: 1 },
  addresses: [v4],
  ...rest,
});
const tls: TlsFacts = {
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  handshakeMs: 5,
  cpuMs: 1,
  validUntilMs: NOW + 90 * DAY,
  resumes: true,
};

function of(check: string, target: TargetFacts, needs: Partial<WorkerNeeds> = {}) {
  return judgeTarget(target, { ...withoutLoad(2), ...needs }, NOW).find((one) => one.check === check);
}

test('a target that answers allows a request for each round trip', () => {
  expect(of('target', facts())).toEqual({
    check: 'target',
    grade: 'ok',
    value: '192.0.2.7:443 answers in 2 ms',
    allows: 'at most 500 requests/s, one after the other on a connection',
  });
});

test('a target that does not answer breaks the run, and so does a name that is not found', () => {
  const refused = { ...v4, problem: 'connection refused' };
  expect(of('target', facts({ addresses: [refused] }))).toMatchObject({
    grade: 'breaks',
    problem: 'no connection to shop.example:443 can be opened: connection refused',
  });
  const unknown = facts({ lookup: { firstMs: 1, secondMs: 1, problem: 'no such name' }, addresses: [] });
  expect(judgeTarget(unknown, withoutLoad(1), NOW).map(({ check, grade }) => [check, grade])).toEqual([
    ['DNS', 'breaks'],
  ]);
});

test.each([
  [12, 1, 'ok'],
  [800, 1, 'tight'],
  [120, 110, 'tight'],
])('a name that is found in %i ms, then in %i ms, is %s', (firstMs, secondMs, grade) => {
  expect(of('DNS', facts({ lookup: { firstMs, secondMs } }))?.grade).toBe(grade);
});

describe('IPv6', () => {
  const silent = { ...v6, ms: 3_000, problem: 'no answer within 3 s' };

  test('that is advertised and silent delays connections', () => {
    expect(of('IPv6', facts({ addresses: [v4, silent] }))).toMatchObject({
      grade: 'tight',
      value: '2001:db8::7 is advertised, but does not answer: no answer within 3 s',
      problem: 'the first connections of each lane wait 250 ms until they try IPv4',
      remedy: expect.stringContaining('family: 4'),
    });
  });

  test('that fails at once delays nothing', () => {
    expect(of('IPv6', facts({ addresses: [v4, { ...silent, ms: 0.1 }] }))?.grade).toBe('ok');
  });

  test('is not checked without IPv4 beside it', () => {
    expect(of('IPv6', facts({ addresses: [v6] }))).toBeUndefined();
    expect(of('IPv6', facts({ addresses: [v4, v6] }))?.grade).toBe('ok');
  });
});

describe('TLS', () => {
  const secure = (rest: Partial<TlsFacts> = {}): TargetFacts => facts({ tls: { ...tls, ...rest } });

  test('a handshake allows as many new connections as half a core can make', () => {
    expect(of('TLS handshake', secure(), { opened: 1_000 })).toMatchObject({
      grade: 'ok',
      allows: '500 new connections/s of a lane at half a core',
    });
    expect(of('TLS handshake', secure(), { opened: 1_001 })?.grade).toBe('tight');
    expect(of('TLS handshake', facts({ tls: { problem: 'wrong version number' } }))?.grade).toBe('breaks');
  });

  test.each([
    [{ validUntilMs: NOW + 90 * DAY }, 'ok', 'valid until 2026-04-01'],
    [{ validUntilMs: NOW + 3 * DAY + 1 }, 'tight', 'valid until 2026-01-04'],
    [{ validUntilMs: NOW - DAY, untrusted: 'the certificate has expired' }, 'tight', 'expired on 2025-12-31'],
    [{ untrusted: 'the certificate is self-signed' }, 'tight', 'valid until 2026-04-01, not trusted'],
  ])('a certificate with %j is %s', (rest, grade, value) => {
    expect(of('certificate', secure(rest))).toMatchObject({ grade, value });
  });

  test('a target that does not resume sessions matters if users come and go', () => {
    expect(of('TLS resumption', secure())?.grade).toBe('ok');
    expect(of('TLS resumption', secure({ resumes: false }))?.grade).toBe('ok');
    expect(of('TLS resumption', secure({ resumes: false }), { opened: 10 })).toMatchObject({
      grade: 'tight',
      problem: expect.stringContaining('each of 10 new connections per second costs 1 ms of CPU time'),
    });
  });

  test('old versions are marked', () => {
    expect(of('TLS version', secure({ version: 'TLSv1.1' }))?.grade).toBe('tight');
    expect(of('TLS version', secure({ protocol: 'h2' }))).toMatchObject({
      grade: 'ok',
      value: 'TLSv1.3, TLS_AES_128_GCM_SHA256, h2',
    });
  });
});

test('proxies of the environment matter if the target needs one', () => {
  expect(judgeProxies([], false).grade).toBe('ok');
  expect(judgeProxies(['HTTPS_PROXY'], true).grade).toBe('ok');
  expect(judgeProxies(['HTTPS_PROXY'], false)).toMatchObject({
    grade: 'tight',
    value: expect.stringContaining('HTTPS_PROXY is set, and not used'),
  });
});

test('the port for workers is told from other ports', () => {
  expect(judgeWorkerPort('tcp://m:5557', 'CURVE').value).toContain('needs a token');
  expect(judgeWorkerPort('tcp://m:5557', 'NULL').grade).toBe('ok');
  expect(judgeWorkerPort('tcp://m:8089', undefined).grade).toBe('breaks');
});

describe('the clock', () => {
  test.each([
    [undefined, 'unknown'],
    [{ leastMs: -80, mostMs: 90 }, 'ok'],
    [{ leastMs: 1_900, mostMs: 2_900 }, 'ok'],
    [{ leastMs: 2_100, mostMs: 2_300 }, 'tight'],
    [{ leastMs: -9_000, mostMs: -8_000 }, 'tight'],
  ])('with a difference in %j is %s', (offset, grade) => {
    expect(judgeClock(offset).grade).toBe(grade);
  });

  test('says which one is ahead', () => {
    expect(judgeClock({ leastMs: 3_599_950, mostMs: 3_600_050 }).value).toBe('1h behind the master, ± 50ms');
    expect(judgeClock({ leastMs: -60_100, mostMs: -59_900 }).value).toBe('1m ahead of the master, ± 100ms');
  });

  test('of the other is always within the bounds, and more answers never widen them', () => {
    const answer = fc.record({
      atMs: fc.integer({ min: 0, max: 5_000 }),
      tookMs: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -1e7, max: 1e7 }),
        fc.array(answer, { minLength: 1 }),
        (offset, answers) => {
          let bounds: ReturnType<typeof narrowOffset> | undefined;
          for (const { atMs, tookMs } of answers) {
            const middle = 1e9 + atMs + tookMs / 2;
            const second = Math.floor((middle + offset) / 1_000) * 1_000;
            const next = narrowOffset(bounds, second, 1e9 + atMs, 1e9 + atMs + tookMs);
            expect(next.leastMs).toBeLessThanOrEqual(offset);
            expect(next.mostMs).toBeGreaterThanOrEqual(offset);
            if (bounds)
              expect(next.mostMs - next.leastMs).toBeLessThanOrEqual(bounds.mostMs - bounds.leastMs);
            bounds = next;
          }
        },
      ),
    );
  });
});
