import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
// @ts-expect-error -- it has no types
import library from 'aws4';
import { describe, expect, test } from '@jest/globals';
import { sampleResult } from '../../../../../test/support/sample-result.js';
import { readDestination } from './destination.js';
import { uploadReports } from './upload.js';

/** Another implementation of signatures. */
const aws4 = library as { sign(request: object, credentials: object): { headers: Record<string, string> } };
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret' };

/** A store that accepts what aws4, another implementation, signs in the same way. */
async function serveStore(answer: (count: number) => [status: number, body?: string] = () => [200]) {
  const objects = new Map<string, string>();
  let count = 0;
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const body = Buffer.concat(chunks);
      count += 1;
      const [status, text = ''] = answer(count);
      const isKnown = request.headers['x-amz-date'] === undefined || isSigned(request, body);
      if (isKnown && status === 200) objects.set(request.url!, body.toString());
      response.writeHead(isKnown ? status : 403).end(isKnown ? text : '<Code>SignatureDoesNotMatch</Code>');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    count: () => count,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isSigned({ method, url, headers }: IncomingMessage, body: Buffer): boolean {
  const { headers: signed } = aws4.sign(
    {
      method,
      path: url,
      body,
      host: headers.host,
      service: 's3',
      region: 'eu-west-1',
      headers: {
        'Content-Type': headers['content-type'],
        'X-Amz-Date': headers['x-amz-date'],
        'X-Amz-Content-Sha256': headers['x-amz-content-sha256'],
      },
      extraHeadersToIgnore: { 'content-length': true },
    },
    { ...credentials, sessionToken: headers['x-amz-security-token'] },
  );
  return headers.authorization === signed['Authorization'];
}

function environment(url: string): NodeJS.ProcessEnv {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: 'a session',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_S3: url,
  };
}

/** Renders the report that is uploaded. */
const HTML = { html: async () => '<!doctype html>' };

describe('a bucket', () => {
  test('gets every report below the id of the run, with a valid signature, after a failed attempt', async () => {
    await using store = await serveStore((count) => (count === 1 ? [503, '<Code>SlowDown</Code>'] : [200]));
    const result = sampleResult();
    const lines: string[] = [];
    const destination = readDestination('s3://reports/load tests/', environment(store.url));
    expect(await uploadReports(destination, result, (line) => lines.push(line), HTML)).toEqual([]);
    const folder = `/reports/load%20tests/${result.run.id}`;
    expect([...store.objects.keys()]).toEqual(
      ['result.json', 'report.html', 'junit.xml', 'summary.md'].map((name) => `${folder}/${name}`),
    );
    expect(JSON.parse(store.objects.get(`${folder}/result.json`)!)).toEqual(
      JSON.parse(JSON.stringify(result)),
    );
    expect(lines).toEqual([`upload  s3://reports/load%20tests/${result.run.id}/`]);
  });

  test('that refuses the key is named with its answer, at once and without secrets', async () => {
    await using store = await serveStore(() => [403, '<Code>AccessDenied</Code><Signature>abc</Signature>']);
    const destination = readDestination('s3://reports', environment(store.url));
    const problems = await uploadReports(destination, sampleResult(), () => {}, HTML);
    expect(problems[0]).toBe('result.json was not uploaded to s3://reports: status 403 (AccessDenied)');
    expect([problems.length, store.count()]).toEqual([4, 4]);
    expect(problems.join()).not.toMatch(/abc|s3cret|AKID/);
  });
});

test.each([
  ['/load/result.json', /^\{/],
  ['/load/report.html', /^<!doctype html>/i],
  ['/load/junit.xml', /^<\?xml/],
  ['/load/object', /^\{/],
])('a presigned URL for %s gets that report', async (path, content) => {
  await using store = await serveStore();
  const destination = readDestination(`${store.url}${path}?X-Amz-Signature=abc`, {});
  const lines: string[] = [];
  expect(await uploadReports(destination, sampleResult(), (line) => lines.push(line), HTML)).toEqual([]);
  expect([...store.objects]).toEqual([[`${path}?X-Amz-Signature=abc`, expect.stringMatching(content)]]);
  expect(lines).toEqual([`upload  ${store.url}${path}`]);
});

test.each([
  ['s3://reports', {}, 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set for s3://reports'],
  ['reports?X-Amz-Signature=abc', {}, '--upload: the value is not an s3:// or https:// URL'],
  ['s3://reports', { ...environment('nowhere') }, 'AWS_ENDPOINT_URL_S3 is not an http or https URL'],
])('%s is refused', (text, env, message) => {
  expect(() => readDestination(text, env)).toThrow(message);
  expect(() => readDestination(text, env)).not.toThrow('abc');
});
