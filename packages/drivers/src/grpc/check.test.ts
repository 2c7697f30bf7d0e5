import { describe, expect, test } from '@jest/globals';
import { findGrpcProblems } from './check.js';

/** The problems without their hints. */
function problemsOf(options: unknown): string[] {
  return findGrpcProblems(options, 'accounts').map(({ where, message }) => `${where}: ${message}`);
}

describe('the options of a gRPC service', () => {
  test('accept every valid value', () => {
    const options = {
      target: 'bank.example:50051',
      channels: 4,
      maxStreams: 50,
      deadline: '2s',
      connectTimeout: 0,
      metadata: { tenant: 'a', Limits: [1, 2], 'trace-bin': new Uint8Array([1]), absent: undefined },
      tls: { rejectUnauthorized: false },
      authority: 'bank.example',
      maxReceiveBytes: 0,
      maxSendBytes: 1_000,
      compression: 'gzip',
      keepAlive: { every: '30s', timeout: '5s' },
      engine: 'grpc-js',
    };
    expect(problemsOf(options)).toEqual([]);
    expect(problemsOf({ channels: 'user', target: 'https://bank.example' })).toEqual([]);
  });

  test('are all checked, and each problem names its place', () => {
    const options = {
      target: 'ftp://bank.example',
      channels: 0,
      deadline: '2 days',
      metadata: { 'a b': 'x', tenant: 'a\nb', 'trace-bin': 'text', user: {} },
      tls: { ca: 7 },
      maxReceiveBytes: -1,
      compression: 'brotli',
      keepAlive: { timeout: '5s' },
      engine: 'grpcjs',
    };
    expect(problemsOf(options)).toEqual([
      "accounts.target: 'ftp://bank.example' is not a valid target",
      'accounts.channels: 0 is not a number of channels',
      expect.stringMatching(/^accounts\.deadline: '2 days' is not a duration/),
      expect.stringMatching(/^accounts\.metadata\['a b'\]: 'a b' is not a valid name/),
      expect.stringMatching(/^accounts\.metadata\['tenant'\]: .*must contain only printable ASCII/),
      `accounts.metadata['trace-bin']: the value of trace-bin must be bytes, because the name ends with -bin: use Buffer.from(…)`,
      `accounts.metadata['user']: an object is not a metadata value`,
      'accounts.tls.ca: 7 is not a string',
      'accounts.maxReceiveBytes: -1 is not a whole number of at least 0',
      "accounts.compression: 'brotli' is not one of 'gzip'",
      'accounts.keepAlive: every is missing',
      "accounts.engine: 'grpcjs' is not one of 'native', 'grpc-js'",
    ]);
  });

  test('with a misspelt name suggest the right one', () => {
    expect(findGrpcProblems({ chanels: 4 }, 'accounts')).toMatchObject([
      { where: 'accounts.chanels', message: 'unknown setting', hint: 'did you mean channels?' },
    ]);
    expect(problemsOf('fast')).toEqual(["accounts: 'fast' is not an object"]);
  });
});
