import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { H2Bench } from '../../../../test/contract/support/h2-client.js';
import { NGINX, startNginx } from '../../../../test/contract/support/nginx.js';

const bench = new H2Bench();
const big = Buffer.alloc(3_000_000).map((_, i) => (i * 31) % 251);
const testWithNginx = NGINX === undefined ? test.skip : test;

testWithNginx.each([
  ['without TLS', false],
  ['with TLS', true],
])('nginx, %s: responses, files, uploads, a rejected upload and GOAWAY', async (_, tls) => {
  const nginx = await bench.closing(
    startNginx(`
    http2_max_concurrent_streams 20;
    keepalive_requests 200;
    client_max_body_size 1k;
    location /hello { add_header x-path $request_uri; return 200 "hello"; }
    location /put { client_max_body_size 100m; add_header x-length $content_length; return 200; }
    `),
  );
  writeFileSync(join(nginx.root, 'big'), big);
  const connect = () => (tls ? bench.connect(nginx.tlsPort, {}, nginx.ca) : bench.connect(nginx.plainPort));
  const client = await connect();

  const first = client.request({ path: '/hello' });
  expect(await first.ended).toEqual({ kind: 'complete' });
  expect(client.connection.room).toBe(20);
  for (let round = 0; round < 5; round++) {
    const calls = Array.from({ length: 20 }, (__, i) => client.request({ path: `/hello?${round}-${i}` }));
    for (const [i, call] of calls.entries()) {
      expect(await call.ended).toEqual({ kind: 'complete' });
      expect(call.headers).toMatchObject({ status: 200, contentLength: 5 });
      expect(call.headers!.header('x-path')).toBe(`/hello?${round}-${i}`);
      expect(call.body.toString()).toBe('hello');
    }
  }

  const files = [1, 2, 3].map(() => client.request({ path: '/big' }));
  for (const file of files) {
    expect(await file.ended).toEqual({ kind: 'complete' });
    expect(Buffer.compare(file.body, big)).toBe(0);
  }

  const upload = client.request({
    method: 'POST',
    path: '/put',
    headers: ['content-length', '3000000'],
    body: big,
  });
  expect(await upload.ended).toEqual({ kind: 'complete' });
  expect(upload.headers!.header('x-length')).toBe('3000000');

  const refused = client.request({
    method: 'POST',
    path: '/hello',
    headers: ['content-length', '3000000'],
    open: true,
  });
  expect(await refused.ended).toEqual({ kind: 'complete' });
  expect(refused.headers!.status).toBe(413);
  refused.stream.reset(0);

  let answered = 0;
  while (client.connection.room > 0) {
    const call = client.request({ path: '/hello' });
    expect(await call.ended).toEqual({ kind: 'complete' });
    answered++;
  }
  await client.closed;
  expect(answered).toBeGreaterThan(50);
  expect(client.told).toEqual(['room', 'retired', 'closed']);
});
