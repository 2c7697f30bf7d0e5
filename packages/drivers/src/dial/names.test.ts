import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { until } from '../../../../test/contract/support/closing.js';
import { makeCertificate } from '../../../../test/contract/support/certificates.js';
import { dial, dialBench, open, serveEverywhere } from '../../../../test/contract/support/dialling.js';
import { closedPort, serveRaw, serveSecure } from '../../../../test/contract/support/servers.js';
import type { NetworkOptions } from '../engine/settings.js';
import { Dialler } from './dialler.js';

const bench = dialBench();
const identity = makeCertificate({ commonName: 'server', hosts: ['localhost'] });
afterEach(() => void jest.restoreAllMocks());

/** Opens connections one after the other and returns the route of each. */
async function routes(network: NetworkOptions, host: string, count: number): Promise<string[]> {
  const server = await bench.closing(serveEverywhere());
  const dialler = await bench.dialler({ network });
  for (let i = 1; i <= count; i++) {
    await open(dialler, { secure: false, host, port: server.port });
    await until(() => server.visits.length === i);
  }
  return server.visits;
}

describe('name lookup', () => {
  test('one lookup serves all concurrent requests, and later ones while its answer is cached', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const lookup = jest.spyOn(dns, 'lookup');
    let nowMs = 0;
    const dialler = await bench.dialler({ now: () => (nowMs += 0.001) });
    const target = { secure: false, host: 'localhost', port: server.port };
    const first = await Promise.all([1, 2, 3].map(() => open(dialler, target)));
    for (const { transport } of first) expect(transport.opened.dnsMs).toBeGreaterThan(0);
    nowMs = 59_000;
    expect((await open(dialler, target)).transport.opened.dnsMs).toBe(0);
    expect(lookup).toHaveBeenCalledTimes(1);
    nowMs = 61_000;
    expect((await open(dialler, target)).transport.opened.dnsMs).toBeGreaterThan(0);
    expect(lookup).toHaveBeenCalledTimes(2);
  });

  test('with a TTL of 0, every connection looks the name up', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const lookup = jest.spyOn(dns, 'lookup');
    const dialler = await bench.dialler({ network: { dnsTtlMs: 0 } });
    for (let i = 0; i < 3; i++) await open(dialler, { secure: false, host: 'localhost', port: server.port });
    expect(lookup).toHaveBeenCalledTimes(3);
  });

  test('a failure is not cached', async () => {
    const lookup = jest.spyOn(dns, 'lookup');
    const dialler = await bench.dialler();
    const target = { secure: false, host: 'nothing.invalid', port: 80 };
    const both = await Promise.all([dial(dialler, target), dial(dialler, target)]);
    for (const failure of both) expect(failure).toMatchObject({ class: 'dns' });
    expect(lookup).toHaveBeenCalledTimes(1);
    await dial(dialler, target);
    expect(lookup).toHaveBeenCalledTimes(2);
  });

  test('only addresses of the configured family are used', async () => {
    const hosts = { 'both.example': ['::1', '127.0.0.1'] };
    expect(await routes({ family: 4, hosts }, 'both.example', 2)).toEqual(
      Array(2).fill('127.0.0.1>127.0.0.1'),
    );
    expect(await routes({ family: 6, hosts }, 'both.example', 2)).toEqual(Array(2).fill('::1>::1'));
    const dialler = await bench.dialler({ network: { family: 6 } });
    expect(await dial(dialler, { secure: false, host: '127.0.0.1', port: 80 })).toEqual({
      class: 'dns',
      code: 'NO_ADDRESS',
      message: 'no address of the family asked for: 127.0.0.1',
    });
  });
});

describe('configured addresses', () => {
  const own = (address: string): string => `127.0.0.1>${address}`;

  test('a name with a port takes precedence over one without; other names are looked up', async () => {
    const server = await bench.closing(serveEverywhere());
    const dialler = await bench.dialler({
      network: { hosts: { 'Shop.Example': '127.0.0.2', [`shop.example:${server.port}`]: ['127.0.0.3'] } },
    });
    const other = await bench.closing(serveEverywhere());
    await open(dialler, { secure: false, host: 'shop.example', port: server.port });
    await open(dialler, { secure: false, host: 'shop.example', port: other.port });
    await open(dialler, { secure: false, host: 'localhost', port: other.port });
    await until(() => other.visits.length === 2);
    expect(server.visits).toEqual([own('127.0.0.3')]);
    expect(other.visits).toEqual([own('127.0.0.2'), expect.stringMatching(/^(127\.0\.0\.1|::1)>/)]);
  });

  test('an address may have another port; an IPv6 address then needs brackets', async () => {
    const server = await bench.closing(serveEverywhere());
    const hosts = { 'shop.example': [`127.0.0.2:${server.port}`], '[::1]:80': `[::1]:${server.port}` };
    const dialler = await bench.dialler({ network: { hosts } });
    await open(dialler, { secure: false, host: 'shop.example', port: 443 });
    await open(dialler, { secure: false, host: '::1', port: 80 });
    await until(() => server.visits.length === 2);
    expect(server.visits).toEqual([own('127.0.0.2'), '::1>::1']);
  });

  test.each(['shop.internal', '10.0.0', '10.0.0.1:0', '10.0.0.1:70000', '[10.0.0.1]:80', '::1:x', ''])(
    '‘%s’ is not an address',
    (text) => {
      const network = { hosts: { 'shop.example': [text] } };
      expect(() => new Dialler({ now: () => 0, network })).toThrow(
        new TypeError(
          `invalid network options: hosts['shop.example']: '${text}' is not an address: use '10.0.0.7', '10.0.0.7:8443' or '[2001:db8::7]:8443'`,
        ),
      );
    },
  );

  test.each<[NetworkOptions['addressOrder'], string[]]>([
    [undefined, ['1', '2', '3', '1', '2']],
    ['round-robin', ['1', '2', '3', '1', '2']],
    ['first', ['1', '1', '1', '1', '1']],
    ['random', ['3', '2', '1', '3', '1']],
  ])('new connections take the addresses in the order %s', async (addressOrder, expected) => {
    const draws = [0.9, 0.5, 0.1, 0.7, 0.3];
    jest.spyOn(Math, 'random').mockImplementation(() => draws.shift()!);
    const hosts = { 'shop.example': ['127.0.0.1', '127.0.0.2', '127.0.0.3'] };
    const visits = await routes({ hosts, ...(addressOrder && { addressOrder }) }, 'shop.example', 5);
    expect(visits).toEqual(expected.map((last) => own(`127.0.0.${last}`)));
  });

  test('addresses of the other family are only a fallback', async () => {
    const hosts = { 'shop.example': ['127.0.0.1', '::1', '127.0.0.2'] };
    const visits = await routes({ hosts }, 'shop.example', 4);
    expect(visits).toEqual(['1', '2', '1', '2'].map((last) => own(`127.0.0.${last}`)));
  });
});

describe('unreachable addresses', () => {
  test('if one refuses, the next is tried', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const refusing = `127.0.0.1:${await closedPort()}`;
    const hosts = { 'shop.example': [refusing, refusing, `127.0.0.1:${server.port}`] };
    const dialler = await bench.dialler({ network: { hosts, addressOrder: 'first' } });
    await open(dialler, { secure: false, host: 'shop.example', port: 80 });
    expect(server.connections).toBe(1);
  });

  test('if all refuse, there is one failure', async () => {
    const refusing = `127.0.0.1:${await closedPort()}`;
    const dialler = await bench.dialler({ network: { hosts: { 'shop.example': [refusing, refusing] } } });
    expect(await dial(dialler, { secure: false, host: 'shop.example', port: 80 })).toEqual({
      class: 'refused',
      code: 'ECONNREFUSED',
      message: 'connection refused',
      detail: refusing,
    });
  });

  test('a silent address leaves enough time for the next', async () => {
    const server = await bench.closing(serveRaw(() => {}));
    const silent = `127.0.0.1:${(await bench.closing(keepSilent())).port}`;
    const target = { secure: false, host: 'shop.example', port: 80 };
    const dialler = await bench.dialler({
      network: { addressOrder: 'first', hosts: { 'shop.example': [silent, `127.0.0.1:${server.port}`] } },
    });
    await open(dialler, target, { timeoutMs: 400 });
    expect(server.connections).toBe(1);
    const hopeless = await bench.dialler({ network: { hosts: { 'shop.example': [silent, silent] } } });
    expect(await dial(hopeless, target, { timeoutMs: 100 })).toMatchObject({
      code: 'TIMEOUT_CONNECT',
      message: 'connect timeout after 100ms',
    });
  });

  test.each([false, true])(
    'if an address does not respond, the next one is tried in parallel before any timeout (TLS: %s)',
    async (secure) => {
      const server = await bench.closing(secure ? serveSecure(identity, () => {}) : serveRaw(() => {}));
      const silent = await bench.closing(keepSilent());
      const hosts = { localhost: [`127.0.0.1:${silent.port}`, `127.0.0.1:${server.port}`] };
      const dialler = await bench.dialler({
        network: { addressOrder: 'first', hosts },
        tls: { ca: identity.cert },
      });
      const target = { secure, host: 'localhost', port: 443 };
      const both = [await open(dialler, target), await open(dialler, target)];
      await until(() => server.connections === 2);
      // The second connection knows which address answers.
      const [first, second] = both.map(({ transport }) => transport.opened.tcpMs);
      expect(second!).toBeLessThan(first!);
    },
  );

  test('cancelling closes all parallel attempts', async () => {
    const silent = await bench.closing(keepSilent());
    const address = `127.0.0.1:${silent.port}`;
    const dialler = await bench.dialler({ network: { hosts: { 'shop.example': [address, address] } } });
    const target = { secure: false, host: 'shop.example', port: 80 };
    expect(await dial(dialler, target, { timeoutMs: 350 })).toMatchObject({ code: 'TIMEOUT_CONNECT' });
    await dialler.close();
  });

  test('after a failed handshake, no other address is tried', async () => {
    const plain = await bench.closing(serveRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const address = `127.0.0.1:${plain.port}`;
    const dialler = await bench.dialler({ network: { hosts: { 'shop.example': [address, address] } } });
    expect(await dial(dialler, { secure: true, host: 'shop.example', port: 443 })).toMatchObject({
      class: 'tls',
      message: 'TLS: the target does not speak TLS on this port',
    });
    expect(plain.connections).toBe(1);
  });
});

describe('local addresses', () => {
  test('are used in rotation', async () => {
    const localAddresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
    const visits = await routes({ localAddresses }, '127.0.0.1', 4);
    expect(visits).toEqual(['2', '3', '4', '2'].map((last) => `127.0.0.${last}>127.0.0.1`));
  });

  test('restrict connections to addresses of their family', async () => {
    const network = { localAddresses: ['127.0.0.2'], hosts: { 'both.example': ['::1', '127.0.0.1'] } };
    expect(await routes(network, 'both.example', 1)).toEqual(['127.0.0.2>127.0.0.1']);
    expect(() => new Dialler({ now: () => 0, network: { ...network, family: 6 } })).toThrow(
      new TypeError('invalid network options: family allows only IPv6, but all localAddresses are IPv4'),
    );
  });

  test('that this machine does not have are a failure of the worker', async () => {
    const dialler = await bench.dialler({ network: { localAddresses: ['192.0.2.1'] } });
    expect(await dial(dialler, { secure: false, host: '127.0.0.1', port: 80 })).toEqual({
      class: 'local',
      code: 'EADDRNOTAVAIL',
      message: 'an address of localAddresses does not belong to this worker',
    });
  });

  test('that are invalid are rejected at once, with a message', () => {
    expect(() => new Dialler({ now: () => 0, network: { localAddresses: ['eth0'] } })).toThrow(
      new TypeError("invalid network options: localAddresses: 'eth0' is not an IP address"),
    );
  });
});

/** A port that does not answer: its process is stopped and its queue is full. */
async function keepSilent() {
  const script = `const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const crowd = Array.from({ length: 6 }, () =>
    net.connect({ port, host: '127.0.0.1' }).on('error', () => {}),
  );
  await until(() => crowd.filter(({ connecting }) => !connecting).length >= 2);
  return {
    port,
    async close() {
      for (const socket of crowd) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
