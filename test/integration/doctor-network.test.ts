// `drumline doctor` against real servers, name servers and masters.
import { constants } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../contract/support/certificates.js';
import { runDoctor } from '../support/doctor.js';
import { Cluster } from '../support/drumline.js';
import { canChangeNames, withNames } from '../support/own-names.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();

/** Listens on a free port until the end of the scope. */
async function listening(server: net.Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a target with TLS', () => {
  const secure = (options: tls.TlsOptions) =>
    listening(tls.createServer(options, (socket) => socket.on('error', () => {})));

  test('has a version, a cost, a certificate that expires soon, and resumes sessions', async () => {
    const authority = makeCertificate({ commonName: 'authority', authority: true });
    const identity = makeCertificate({
      commonName: 'localhost',
      hosts: ['localhost', '127.0.0.1'],
      issuer: authority,
      validDays: [-1, 3],
    });
    await using server = await secure(identity);
    const ca = join(project({}), 'ca.pem');
    await writeFile(ca, authority.cert);
    const { of, code } = await runDoctor(['-H', `https://127.0.0.1:${server.port}`], {
      env: { NODE_EXTRA_CA_CERTS: ca },
    });
    expect(of('target')).toMatchObject({ grade: 'ok', value: expect.stringContaining('answers in') });
    expect(of('TLS handshake')).toMatchObject({
      value: expect.stringMatching(/^[\d.]+ ms, [\d.]+ ms of CPU time here with an EC P-256 key$/),
      allows: expect.stringMatching(/^[\d,]+ new connections\/s of a lane at half a core$/),
    });
    expect(of('TLS version')?.value).toMatch(/^TLSv1.3, TLS_/);
    expect(of('certificate')).toMatchObject({
      grade: 'tight',
      problem: expect.stringMatching(/^it expires in 2 days$/),
    });
    expect(of('TLS resumption')).toMatchObject({ grade: 'ok', value: 'the target resumes sessions' });
    expect(code).toBe(0);
  });

  test('that does not resume sessions and has an expired certificate is marked', async () => {
    const identity = makeCertificate({ commonName: 'x', hosts: ['127.0.0.1'], validDays: [-9, -2] });
    await using server = await secure({
      ...identity,
      maxVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    const { of } = await runDoctor(['--arrivals', '5/s', '-H', `https://127.0.0.1:${server.port}`]);
    expect(of('TLS version')?.value).toMatch(/^TLSv1.2/);
    expect(of('TLS resumption')).toMatchObject({
      grade: 'tight',
      value: 'the target does not resume sessions',
    });
    expect(of('certificate')).toMatchObject({
      grade: 'tight',
      value: expect.stringMatching(/^expired on \d{4}/),
    });
  });

  test('that speaks plain HTTP, or nothing, breaks the run', async () => {
    await using server = await listening(createHttpServer());
    const { of, exit, code } = await runDoctor(['-H', `https://127.0.0.1:${server.port}`]);
    expect(of('TLS handshake')).toMatchObject({ grade: 'breaks' });
    expect({ exit, code }).toEqual({ exit: 'target-down', code: 15 });
  });
});

test('a target that is down, beside a proxy in the environment', async () => {
  const { port, [Symbol.asyncDispose]: close } = await listening(net.createServer());
  await close();
  const { of, code } = await runDoctor(['-H', `http://127.0.0.1:${port}`], {
    env: { HTTPS_PROXY: 'http://user:password@proxy:3128' },
  });
  expect(of('target')).toMatchObject({
    grade: 'breaks',
    problem: expect.stringContaining('connection refused'),
  });
  expect(of('proxies')).toMatchObject({
    grade: 'tight',
    value: expect.stringMatching(/^HTTPS_PROXY is set/),
  });
  expect(JSON.stringify(of('proxies'))).not.toContain('password');
  expect(code).toBe(15);
});

(canChangeNames ? describe : describe.skip)('names (needs root and unshare)', () => {
  test('that are found slowly are marked', async () => {
    const { of, code } = await runDoctor(['-H', 'http://shop.example'], {
      launcher: withNames({ delayMs: 120 }),
    });
    expect(of('DNS')).toMatchObject({
      grade: 'tight',
      value: expect.stringMatching(/^shop.example in \d+ ms, again in \d+ ms$/),
      remedy: expect.stringContaining('DNS cache'),
    });
    expect(of('target')).toMatchObject({ grade: 'ok', value: expect.stringContaining('127.0.0.1:80') });
    expect(code).toBe(0);
  });

  test('with an IPv6 address that is silent delay connections', async () => {
    const launcher = withNames({ silentIpv6: '20010db8000000000000000000000007' });
    const { of } = await runDoctor(['-H', 'http://shop.example'], { launcher });
    expect(of('DNS')?.grade).toBe('ok');
    expect(of('IPv6')).toMatchObject({
      grade: 'tight',
      value: expect.stringMatching(/^2001:db8::7 is advertised, but does not answer: /),
    });
    expect(of('target')).toMatchObject({ grade: 'ok' });
  });
});

describe('a master', () => {
  test('is reached at both of its ports, and its clock is compared', async () => {
    await using cluster = await Cluster.start('steady', ['--expect-workers', '9']);
    const masters = ['--master', cluster.address, '--master', cluster.api];
    const { of, code } = await runDoctor(['--role', 'worker', ...masters]);
    expect(of('worker port')).toMatchObject({ grade: 'ok', value: expect.stringMatching(/needs no token$/) });
    expect(of('clock')).toMatchObject({
      grade: 'ok',
      value: expect.stringMatching(/of the master, ±|the master, ±/),
    });
    expect(code).toBe(0);
    const swapped = cluster.api.replace('http:', 'tcp:');
    const wrong = await runDoctor(['--role', 'worker', '--master', swapped]);
    expect(wrong.of('worker port')).toMatchObject({
      grade: 'breaks',
      remedy: expect.stringContaining('--bind'),
    });
    expect(wrong).toMatchObject({ exit: 'master-unreachable', code: 7 });
  });

  test('whose clock is an hour ahead is marked', async () => {
    await using api = await listening(
      createHttpServer((_, response) =>
        response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString()).end(),
      ),
    );
    const { of, code } = await runDoctor(['--role', 'worker', '--master', `http://127.0.0.1:${api.port}`]);
    expect(of('clock')).toMatchObject({
      grade: 'tight',
      value: expect.stringMatching(/^(?:1h|59m59s|1h1s) behind the master, ± \d+ms$/),
    });
    expect(code).toBe(0);
  });
});
