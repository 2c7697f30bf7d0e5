import { describe, expect, test } from '@jest/globals';
import { Histogram, encodeHistogram, type IntervalDelta } from '@drumline/stats';
import { TargetReach } from './target-reach.js';

/** A second in which `passed` requests passed and one failed for each of the errors. */
function delta(second: number, errors: readonly string[], passed = 0, method = 'GET'): IntervalDelta {
  return {
    second,
    checks: [],
    metrics: [],
    exceptions: [],
    series: [
      {
        key: { protocol: 'http', method, name: '/', user: 'u', tags: [] },
        requests: passed + errors.length,
        failures: errors.length,
        interrupted: 0,
        bytesSent: 0,
        bytesReceived: 0,
        latency: encodeHistogram(new Histogram()),
        errors: errors.map((error) => ({
          error,
          occurrences: 1,
          firstSeenAtMs: 0,
          lastSeenAtMs: 0,
          example: '10.0.0.5:80',
        })),
      },
    ],
  };
}

const UNREACHED = [
  'connection refused',
  'host not found: shop.example',
  'name lookup failed: shop.example (EAI_AGAIN)',
  'no address of the family asked for: shop.example',
  'network unreachable',
  'TLS: self-signed certificate',
  'connect timeout after 10s',
  'UNAVAILABLE: connection refused',
  'UNAVAILABLE: no address of the family asked for: shop.example',
];

describe('an unreachable target', () => {
  test.each(UNREACHED)('ends the run after ten seconds of %s', (error) => {
    const target = new TargetReach();
    for (let second = 3; second < 14; second += 1) target.add(delta(second, [error, error]));
    expect(target.reasonToEnd(12)).toBeUndefined();
    expect(target.reasonToEnd(13)).toMatch(/^No request reached the target within 10s/);
    expect(target.reasonToEnd(13)).toContain(`All failed, most with '${error}' (for example: 10.0.0.5:80)`);
  });

  test.each([
    ['one request ever passed', [delta(0, [], 1), delta(1, ['connection refused'])]],
    ['one got another failure', [delta(1, ['connection refused']), delta(2, ['status 503'])]],
    ['a connection was reset, so something answered', [delta(1, ['connection reset'])]],
    ['there was no request at all', []],
  ])('does not end the run if %s', (_, deltas) => {
    const target = new TargetReach();
    for (const one of deltas) target.add(one);
    expect(target.reasonToEnd(60)).toBeUndefined();
  });

  test('is not judged again by another master', () => {
    const target = new TargetReach();
    target.trust();
    target.add(delta(0, ['connection refused']));
    expect(target.reasonToEnd(60)).toBeUndefined();
  });
});
