import { describe, expect, test } from '@jest/globals';
import { failureHint } from './failure-hints.js';

describe('the hint to a failure', () => {
  test('for gRPC is the hint for the failed connection', () => {
    const hint = failureHint('TLS: self-signed certificate');
    expect(hint).toContain('http.tls.ca');
    expect(failureHint('UNAVAILABLE: TLS: self-signed certificate')).toBe(hint);
  });

  test('for gRPC is a separate one if that for HTTP would mislead', () => {
    const failure = 'TLS: the target does not speak HTTP/2 (ALPN)';
    expect(failureHint(failure)).toContain('http.version');
    expect(failureHint(`UNAVAILABLE: ${failure}`)).toContain('the port is a gRPC port');
    expect(failureHint('UNAVAILABLE: malformed response: it does not begin with SETTINGS')).toContain('TLS');
    expect(failureHint('UNIMPLEMENTED')).toContain('drumline grpc list');
    expect(failureHint('RESOURCE_EXHAUSTED: a message from the server is longer than 4 MiB')).toContain(
      'maxReceiveBytes',
    );
  });

  test.each(['no handshake', 'no matching message', 'no pong', 'no closing handshake'])(
    'names the timeout for %s',
    (what) => {
      expect(failureHint(`${what} within 2s`)).toContain('timeout');
    },
  );

  test('is absent if only the target can fix the failure', () => {
    for (const failure of ['status 503', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'no price in the page']) {
      expect(failureHint(failure)).toBeUndefined();
    }
  });
});
