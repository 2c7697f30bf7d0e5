import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../support/certificates.js';
import { closeAfterEach } from '../support/closing.js';
import { serverStream, unary } from '../support/grpc-servers.js';
import { openBank, told, type Bank, type BankOptions } from './bank.js';

const closeAfter = closeAfterEach();

describe.each(['native', 'grpc-js'] as const)('connections of %s:', (engine) => {
  const open = ({ service, ...options }: BankOptions = {}): Promise<Bank> =>
    closeAfter(openBank({ ...options, service: { engine, ...service } }));

  test('TLS trusts the authorities of the service or those of the lane', async () => {
    const identity = makeCertificate({ commonName: 'localhost' });
    const own = await open({ server: { identity }, service: { tls: { ca: identity.cert } } });
    const ofLane = await open({ server: { identity }, driver: { tls: { ca: identity.cert } } });
    const none = await open({ server: { identity } });
    const replies = [own, ofLane, none].map(({ accounts }) => accounts.call('Get', {}));
    const [first, second, third] = await Promise.all(replies);
    expect(first).toMatchObject({ status: 'OK', opened: { tls: { version: 'TLSv1.3' } } });
    expect(second!.status).toBe('OK');
    expect(third!.failure).toMatch(/^UNAVAILABLE: .*certificate/);
  });

  test('a target without a scheme uses TLS if there are TLS settings', async () => {
    const identity = makeCertificate({ commonName: 'localhost' });
    const { accounts, server } = await open({ server: { identity } });
    expect((await accounts.call('Get', {})).ok).toBe(false);
    const { accounts: secure } = await open({
      service: { target: `localhost:${server.port}`, tls: { ca: identity.cert } },
    });
    expect(await secure.call('Get', {})).toMatchObject({ status: 'OK' });
  });

  test('messages that are too long in either direction are RESOURCE_EXHAUSTED', async () => {
    const { accounts, samples, server } = await open({
      service: { maxSendBytes: 1_000, maxReceiveBytes: 2_000 },
      methods: {
        '/bank.Accounts/Get': unary((_, reply) => reply(null, Buffer.alloc(2_001, ' '))),
        '/bank.Accounts/Watch': serverStream((call) => {
          call.write(Buffer.from('{}'));
          call.write(Buffer.alloc(2_001, ' '));
          call.end();
        }),
      },
    });
    const text = 'x'.repeat(1_000);
    const tooLongToSend = await accounts.call('Get', { text });
    expect(tooLongToSend).toMatchObject({ status: 'RESOURCE_EXHAUSTED', failed: true });
    expect(server.requests).toBe(0);
    expect((await accounts.call('Get', {})).status).toBe('RESOURCE_EXHAUSTED');
    const stream = accounts.stream('Watch', {});
    for await (const _ of stream);
    expect(stream.status).toBe('RESOURCE_EXHAUSTED');
    expect(samples.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'passed', 'failed']);
  });

  test('sent messages can be compressed', async () => {
    const { accounts, server } = await open({ service: { compression: 'gzip' } });
    const reply = await accounts.call('Get', { text: 'x'.repeat(10_000) });
    expect(reply.message.text).toHaveLength(10_000);
    expect(server.sockets[0]!.bytesRead).toBeLessThan(5_000);
  });

  test('a server that closes its connections in the middle of a stream is UNAVAILABLE', async () => {
    const { accounts, samples, server } = await open({
      methods: { '/bank.Accounts/Watch': serverStream((call) => call.write(Buffer.from('{}'))) },
    });
    const stream = accounts.stream('Watch', {});
    for await (const _ of stream) server.reset();
    expect(stream.failure).toMatch(/^UNAVAILABLE: connection /);
    expect(samples.map(told)[0]).toBe('first message bank.Accounts/Watch passed');
    expect(samples).toHaveLength(2);
  });
});

test('the user agent is Drumline, or the one that the service sets', async () => {
  const agents: unknown[] = [];
  const methods = {
    '/bank.Accounts/Get': unary((call, reply) => {
      agents.push(call.metadata.get('user-agent')[0]);
      reply(null, call.request);
    }),
  };
  const driver = { drumlineVersion: '1.2.3' };
  const plain = await closeAfter(openBank({ methods, driver }));
  const named = await closeAfter(
    openBank({ methods, driver, service: { metadata: { 'user-agent': 'bot' } } }),
  );
  await plain.accounts.call('Get', {});
  await named.accounts.call('Get', {});
  expect(agents).toEqual(['Drumline/1.2.3', 'bot']);
});
