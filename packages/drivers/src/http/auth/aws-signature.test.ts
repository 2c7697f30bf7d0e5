import { expect, test } from '@jest/globals';
// @ts-expect-error -- it has no types
import library from 'aws4';
import fc from 'fast-check';
import type { EngineRequest } from '../../engine/contract.js';
import { hasHeader } from '../../calls/headers.js';
import { AwsSigner } from './aws-signature.js';

interface Aws4 {
  sign(request: object, credentials: object): { headers: Record<string, string> };
}
/** The oracle: https://github.com/mhart/aws4 */
const aws4 = library as Aws4;

const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const NOW = new Date('2026-11-29T12:34:56.789Z');

function authorizationOf({ headers }: EngineRequest): string {
  return headers[headers.indexOf('authorization') + 1]!;
}

/** The signature of the oracle over the same headers. */
function expected(request: EngineRequest, service: string, sessionToken?: string): string {
  const names = /SignedHeaders=([^,]+)/.exec(authorizationOf(request))![1]!.split(';');
  const headers: Record<string, string> = { Host: new URL(request.origin).host };
  for (let i = 0; i < request.headers.length; i += 2) {
    const name = request.headers[i]!;
    // The oracle adds the token and the date itself.
    if (names.includes(name.toLowerCase()) && !['x-amz-security-token', 'x-amz-date'].includes(name))
      headers[name] = request.headers[i + 1]!;
  }
  const { body } = request;
  const signed = aws4.sign(
    {
      host: headers['Host'],
      method: request.method,
      path: request.path,
      service,
      region: 'eu-central-1',
      headers: { ...headers, 'X-Amz-Date': '20261129T123456Z' },
      body: body === undefined ? '' : Buffer.from(body as Uint8Array),
      // The engine adds it after the signature.
      extraHeadersToIgnore: { 'content-length': true },
    },
    { ...CREDENTIALS, ...(sessionToken !== undefined && { sessionToken }) },
  );
  return signed.headers['Authorization']!;
}

test('the signature of the published example is the published one', () => {
  // The example GET request to IAM of the documentation of Signature Version 4.
  const signer = new AwsSigner(
    { ...CREDENTIALS, region: 'us-east-1', service: 'iam' },
    () => new Date('2015-08-30T12:36:00Z'),
  );
  const signed = signer.signed({
    method: 'GET',
    origin: 'https://iam.amazonaws.com',
    path: '/?Action=ListUsers&Version=2010-05-08',
    headers: ['content-type', 'application/x-www-form-urlencoded; charset=utf-8'],
  });
  expect(authorizationOf(signed)).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  );
});

test('signatures equal those of another implementation for any path, query, header and body', () => {
  const segment = fc.string({
    unit: fc.constantFrom('a', 'B', '7', '-', '_', '~', '(', '!', ' ', 'é', '*', '%', '='),
  });
  const path = fc
    .array(
      segment.filter((text) => text.trim() === text && text !== '' && !/^\.+$/.test(text)),
      { maxLength: 4 },
    )
    .map((parts) => `/${parts.map(encodeURIComponent).join('/')}`);
  const pair = fc.tuple(
    segment.filter((text) => text !== ''),
    segment,
  );
  const query = fc.array(pair, { maxLength: 4 }).map((pairs) => {
    const text = pairs
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    return text === '' ? '' : `?${text}`;
  });
  fc.assert(
    fc.property(
      fc.constantFrom('execute-api', 's3', 'lambda'),
      fc.constantFrom('GET', 'POST', 'PUT'),
      path,
      query,
      fc.option(fc.uint8Array({ maxLength: 50 }), { nil: undefined }),
      fc.option(fc.constant('a-session-token'), { nil: undefined }),
      fc.constantFrom('https://api.example', 'http://127.0.0.1:9000'),
      (service, method, pathname, search, body, sessionToken, origin) => {
        const settings = { ...CREDENTIALS, region: 'eu-central-1', service };
        const signer = new AwsSigner(
          sessionToken === undefined ? settings : { ...settings, sessionToken },
          () => NOW,
        );
        const request: EngineRequest = {
          method,
          origin,
          path: pathname + search,
          headers: ['accept', '*/*', 'content-type', 'application/json', 'x-amz-meta-a', ' two  spaces '],
          ...(body !== undefined && { body }),
        };
        const signed = signer.signed(request);
        expect(authorizationOf(signed)).toBe(expected(signed, service, sessionToken));
        expect(hasHeader(signed.headers, 'x-amz-content-sha256')).toBe(service === 's3');
      },
    ),
    { numRuns: 500 },
  );
});

test('a plus sign in a query is sent as an encoded space, so that every service reads the same', () => {
  const signer = new AwsSigner({ ...CREDENTIALS, region: 'eu-central-1', service: 'execute-api' }, () => NOW);
  const signed = signer.signed({
    method: 'GET',
    origin: 'https://api.example',
    path: '/a?q=x+y%2B',
    headers: [],
  });
  expect(signed.path).toBe('/a?q=x%20y%2B');
  expect(authorizationOf(signed)).toBe(expected(signed, 'execute-api'));
});

test('a streamed body is signed for S3 only', () => {
  const stream = { chunks: { async *[Symbol.asyncIterator]() {} } };
  const request = { method: 'PUT', origin: 'https://api.example', path: '/a', headers: [], body: stream };
  const signer = (service: string): AwsSigner =>
    new AwsSigner({ ...CREDENTIALS, region: 'eu-central-1', service }, () => NOW);
  expect(() => signer('lambda').requireSignable(request)).toThrow(
    /PUT \/a: a streamed body cannot be signed/,
  );
  expect(() => signer('s3').requireSignable(request)).not.toThrow();
  expect(signer('s3').signed(request).headers).toContain('UNSIGNED-PAYLOAD');
});
