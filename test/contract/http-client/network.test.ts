import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import { makeCertificate } from '../support/certificates.js';
import { serveHttp, serveHttps, type Handler } from '../support/servers.js';
import { clientBench } from './bench.js';

const showHost: Handler = (request, reply) => void reply.end(request.headers.host);

describe('the connection of a request', () => {
  const bench = clientBench();

  test('has the Host header of the request, the user or the plan', async () => {
    const { http, server } = await bench.serving(showHost, { headers: { host: 'plan.example' } });
    expect((await http.get('/')).text()).toBe('plan.example');
    http.headers.set('Host', 'user.example');
    expect((await http.get('/')).text()).toBe('user.example');
    expect((await http.get('/', { headers: { host: 'own.example' } })).text()).toBe('own.example');
    http.headers.delete('host');
    expect((await http.get('/')).text()).toBe(`127.0.0.1:${server.port}`);
  });

  test('hosts replaces the DNS lookup; the Host header and TLS keep the name', async () => {
    const identity = makeCertificate({ commonName: 'shop.example', hosts: ['shop.example'] });
    const seen: unknown[] = [];
    const server = await bench.closing(
      serveHttps(identity, (request, reply) => {
        seen.push((request.socket as { servername?: unknown }).servername);
        showHost(request, reply);
      }),
    );
    const { http } = await bench.client('https://shop.example', {
      hosts: { 'SHOP.example': [`127.0.0.1:${server.port}`] },
      tls: { ca: identity.cert },
    });
    const response = await http.get('/p');
    expect([response.text(), response.url]).toEqual(['shop.example', 'https://shop.example/p']);
    expect(seen).toEqual(['shop.example']);
    expect(response.opened).toMatchObject([{ dnsMs: 0, tls: { version: 'TLSv1.3', resumed: false } }]);
  });

  test('version 1.1 offers only HTTP/1.1, and the response has the protocol', async () => {
    const identity = makeCertificate({ commonName: 'localhost', hosts: ['localhost'] });
    const offered: unknown[] = [];
    const ALPNCallback = ({ protocols }: { protocols: string[] }): string => {
      offered.push(protocols);
      return 'http/1.1';
    };
    const server = await bench.closing(serveHttps({ ...identity, ALPNCallback }, showHost));
    const { http } = await bench.client(server.origin, { version: '1.1', tls: { ca: identity.cert } });
    const response = await http.get('/');
    expect([response.status, response.version]).toEqual([200, 'http/1.1']);
    expect(offered).toEqual([['http/1.1']]);
  });

  test('uses the local addresses in turn', async () => {
    const { http } = await bench.serving((request, reply) => reply.end(request.socket.remoteAddress), {
      localAddresses: ['127.0.0.2', '127.0.0.3'],
      keepAlive: false,
    });
    const from: string[] = [];
    for (let i = 0; i < 4; i++) from.push((await http.get('/')).text());
    expect(from).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2', '127.0.0.3']);
  });

  test('fails before sending if the machine lacks the local address', async () => {
    const opening = bench.client('http://127.0.0.1:9', { localAddresses: ['127.0.0.2', '192.0.2.1'] });
    await expect(opening).rejects.toThrow(DrumlineError);
    await expect(opening).rejects.toThrow(/^http\.localAddresses: .* has no address 192\.0\.2\.1$/);
  });

  test('sharedConnections are shared by all users', async () => {
    const { http, driver, server } = await bench.serving(
      (_, reply) => void setTimeout(() => reply.end(), 20),
      {
        sharedConnections: 2,
      },
    );
    const others = Array.from({ length: 4 }, () => driver.openClient({ user: 'shopper' }));
    await Promise.all([http, ...others].map((client) => client.get('/')));
    expect([server.requests, server.connections]).toEqual([5, 2]);
  });

  test('without keep-alive is new for each request, unless a request keeps it', async () => {
    const { http, server } = await bench.serving((request, reply) => reply.end(request.headers.connection), {
      keepAlive: false,
    });
    expect((await http.get('/')).text()).toBe('close');
    expect((await http.get('/')).text()).toBe('close');
    expect((await http.get('/', { keepAlive: true })).text()).toBe('keep-alive');
    expect((await http.get('/', { keepAlive: true })).opened).toEqual([]);
    expect(server.connections).toBe(3);
  });
});

// Runs in a separate process with a low limit of open files.
const MANY_USERS = `
  import { HttpDriver } from '@drumline/drivers';
  const samples = [];
  const driver = await HttpDriver.open({
    target: process.argv[1],
    timeout: '1s',
    now: () => performance.now(),
    onSample: (sample) => samples.push(sample),
    onLateFailure() {},
    onResend() {},
    onTransfer() {},
  });
  const users = Array.from({ length: 200 }, () => driver.openClient({ user: 'shopper' }));
  await Promise.all(users.map((user) => user.get('/')));
  await driver.close();
  console.log(JSON.stringify(samples.map(({ failure }) => failure)));
  process.exit();
`;

describe('a worker that runs out', () => {
  const bench = clientBench();

  test('of files is reported as such, not as a failure of the target', async () => {
    const server = await bench.closing(serveHttp(() => {}));
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      'ulimit -n 150 && exec "$0" --input-type=module -e "$1" "$2"',
      process.execPath,
      MANY_USERS,
      server.origin,
    ]);
    const failures = JSON.parse(stdout) as string[];
    const local = failures.filter(
      (failure) => failure === 'too many open files on this worker (raise ulimit -n)',
    );
    const others = failures.filter((failure) => failure === 'timeout after 1s');
    expect(local.length).toBeGreaterThan(0);
    expect(others).toHaveLength(server.requests);
    expect(local.length + others.length).toBe(200);
  });
});
