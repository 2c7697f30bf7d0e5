import { expect, test } from '@jest/globals';
import { Metadata, status } from '@grpc/grpc-js';
import { closeAfterEach } from '../support/closing.js';
import { unary } from '../support/grpc-servers.js';
import { openBank, told, type Bank, type BankOptions } from './bank.js';

const closeAfter = closeAfterEach();
const open = (options?: BankOptions): Promise<Bank> => closeAfter(openBank(options));

test('a call produces a reply and one sample', async () => {
  const { accounts, samples, server } = await open();
  const reply = await accounts.call('Get', { ids: [1, 2] });
  expect(reply).toMatchObject({ status: 'OK', code: 0, ok: true, failed: false, message: { ids: [1, 2] } });
  expect(samples.map(told)).toEqual(['unary bank.Accounts/Get passed']);
  expect(samples[0]).toMatchObject({
    series: { protocol: 'grpc', user: 'teller', tags: [] },
    phases: { connectMs: expect.any(Number) },
    opened: [{ protocol: 'h2' }],
  });
  expect(reply.durationMs).toBeCloseTo(samples[0]!.durationUs / 1_000, 2);
  expect(server.requests).toBe(1);
});

test('a message is decoded once; after other messages were read, it is decoded again', async () => {
  const { accounts } = await open();
  const reply = await accounts.call('Get', { ids: [1] });
  const other = await accounts.call('Get', { ids: [2] });
  const { message } = reply;
  expect(reply.message).toBe(message);
  expect(other.message).toMatchObject({ ids: [2] });
  expect(reply.message).toEqual(message);
});

test('equal calls share a series object; other names and tags have other objects', async () => {
  const { accounts, samples } = await open();
  await accounts.call('Get', {});
  await accounts.call('Get', {});
  await accounts.call('Get', {}, { name: 'balances', tags: { region: 'eu' } });
  await accounts.call('Get', {}, { name: 'balances', tags: { region: 'eu' } });
  const [first, second, third, fourth] = samples.map(({ series }) => series);
  expect(second).toBe(first);
  expect(fourth).toBe(third);
  expect(third).toMatchObject({ name: 'balances', tags: [['region', 'eu']] });
});

test('a status other than OK fails the call with the name of the status and throws nothing', async () => {
  const trailers = new Metadata();
  trailers.set('why', 'closed');
  trailers.set('proof-bin', Buffer.from([1, 2, 3]));
  const { accounts, samples } = await open({
    methods: {
      '/bank.Accounts/Get': unary((_, reply) =>
        reply({ code: status.NOT_FOUND, details: 'account 7 is gone', metadata: trailers }),
      ),
    },
  });
  const reply = await accounts.call('Get', { id: 7 });
  expect(reply).toMatchObject({
    status: 'NOT_FOUND',
    code: 5,
    ok: false,
    details: 'account 7 is gone',
    message: undefined,
    failure: 'NOT_FOUND',
  });
  expect(reply.trailers.get('why')).toBe('closed');
  expect(reply.trailers.bytes('proof-bin')).toEqual(Buffer.from([1, 2, 3]));
  expect(samples.map(told)).toEqual(['unary bank.Accounts/Get failed: NOT_FOUND']);
  expect(samples).toMatchObject([{ failure: 'NOT_FOUND', example: 'account 7 is gone' }]);
});

test('a target that does not listen is UNAVAILABLE, with the reason', async () => {
  const { accounts, samples, server } = await open();
  await server.close();
  const reply = await accounts.call('Get', {});
  expect(reply).toMatchObject({ status: 'UNAVAILABLE', failure: 'UNAVAILABLE: connection refused' });
  expect(samples.map(told)).toEqual(['unary bank.Accounts/Get failed: UNAVAILABLE: connection refused']);
});

test('the deadline of a call overrides that of the service, and the server receives it', async () => {
  const seen: (Date | number)[] = [];
  const { accounts, samples } = await open({
    service: { deadline: '90s' },
    methods: {
      '/bank.Accounts/Get': unary((call, reply) => {
        seen.push(call.getDeadline());
        if (seen.length > 1) reply(null, call.request);
      }),
    },
  });
  const reply = await accounts.call('Get', {}, { deadline: 30 });
  expect(reply).toMatchObject({ status: 'DEADLINE_EXCEEDED', failure: 'DEADLINE_EXCEEDED' });
  await accounts.call('Get', {});
  await accounts.call('Get', {}, { deadline: 0 });
  const leftMs = Number(seen[1]) - Date.now();
  expect(leftMs).toBeGreaterThan(30_000);
  expect(leftMs).toBeLessThanOrEqual(90_000);
  expect(seen[2]).toBe(Infinity);
  expect(samples.map(({ outcome }) => outcome)).toEqual(['failed', 'passed', 'passed']);
});

test('metadata of a call overrides that of the service; binary values are unchanged', async () => {
  const { accounts } = await open({
    service: { metadata: { tenant: 'a', Plan: 'gold' } },
    methods: {
      '/bank.Accounts/Get': unary((call, reply) => {
        const back = new Metadata();
        back.set('echo', JSON.stringify(call.metadata.toJSON()));
        call.sendMetadata(back);
        reply(null, call.request);
      }),
    },
  });
  const reply = await accounts.call(
    'Get',
    {},
    { metadata: { tenant: ['b', 'c'], plan: undefined, n: 5, 'raw-bin': Buffer.from('ä') } },
  );
  const echoed = JSON.parse(reply.metadata.get('echo')!) as Record<string, unknown>;
  expect(echoed).toMatchObject({ tenant: ['b, c'], n: ['5'], 'raw-bin': [{ data: [0xc3, 0xa4] }] });
  expect(echoed).not.toHaveProperty('plan');
});

test('expect sets what counts as passed: statuses, or a function of the reply', async () => {
  const { accounts, samples } = await open({
    methods: {
      '/bank.Accounts/Get': unary((call, reply) => {
        const { code } = JSON.parse(call.request.toString()) as { code: number };
        reply(code === 0 ? null : { code }, call.request);
      }),
    },
  });
  const outcomes = [
    await accounts.call('Get', { code: 5 }, { expect: ['OK', 'NOT_FOUND'] }),
    await accounts.call('Get', { code: 0 }, { expect: 'NOT_FOUND' }),
    await accounts.call('Get', { code: 5 }, { expect: ({ code }) => code === 5 }),
    await accounts.call('Get', { code: 0 }, { expect: () => 'too few' }),
    await accounts.call(
      'Get',
      { code: 0 },
      {
        expect: () => {
          throw new Error('broken');
        },
      },
    ),
  ];
  expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, 'OK', undefined, 'too few', 'broken']);
  expect(samples.map(({ failure }) => failure)).toEqual(outcomes.map(({ failure }) => failure));
  expect(outcomes.map(({ ok }) => ok)).toEqual(outcomes.map(({ failed }) => !failed));
});

test('within expect, ok depends on the status; after fail, ok is false', async () => {
  const { accounts } = await open();
  const seen: boolean[] = [];
  const expectation = { expect: ({ ok }: { ok: boolean }) => seen.push(ok) > 0 || 'never' };
  const reply = await accounts.call('Get', {}, expectation);
  expect([seen, reply.ok]).toEqual([[true], true]);
  reply.fail('negative');
  expect(reply.ok).toBe(false);
});

test('an omitted message has no fields', async () => {
  const { accounts, samples } = await open();
  const reply = await accounts.call('Get');
  expect([reply.status, reply.ok]).toEqual(['OK', true]);
  expect((await accounts.call('Get', undefined, { name: 'get' })).ok).toBe(true);
  for await (const _ of accounts.stream('Watch')) break;
  expect(samples.map(({ outcome }) => outcome)).not.toContain('failed');
});

test('a counted call can be marked as failed, once', async () => {
  const { accounts, samples, lateFailures } = await open();
  const reply = await accounts.call('Get', { balance: -1 });
  reply.fail('negative');
  reply.fail('odd');
  expect(reply).toMatchObject({ failed: true, failure: 'negative' });
  expect(samples.map(told)).toEqual(['unary bank.Accounts/Get passed']);
  expect(lateFailures).toEqual(['unary bank.Accounts/Get: negative']);
});

test('a message that cannot be decoded fails the call when it is read', async () => {
  const { accounts, lateFailures } = await open({
    methods: { '/bank.Accounts/Get': unary((_, reply) => reply(null, Buffer.from('{'))) },
  });
  const reply = await accounts.call('Get', {});
  expect(reply.failed).toBe(false);
  expect([reply.message, reply.message]).toEqual([undefined, undefined]);
  expect(lateFailures).toEqual(['unary bank.Accounts/Get: the reply is not a bank.GetResponse']);
});

test('a call that cannot be sent throws the reason and is not counted', async () => {
  const { accounts, samples, server } = await open();
  const attempts: [() => unknown, string][] = [
    [() => accounts.call('Gett', {}), "bank.Accounts has no method 'Gett': did you mean Get?"],
    [
      () => accounts.call('Watch', {}),
      "bank.Accounts/Watch is a server stream method: use stream('Watch', …)",
    ],
    [() => accounts.call('Get', { wrong: 1 }), 'bank.Accounts/Get: wrong: there is no such field'],
    [
      () => accounts.call('Get', 7 as never),
      'bank.Accounts/Get: the message must be an object with fields of bank.GetRequest',
    ],
    [
      () => accounts.call('Get', {}, { metadata: { 'a b': 1 } }),
      "metadata: 'a b' is not a valid name: use only letters, digits, '_', '.' and '-'",
    ],
    [
      () => accounts.call('Get', {}, { metadata: { a: 'ä' } }),
      "metadata: the value of a must contain only printable ASCII: send anything else as bytes, in 'a-bin'",
    ],
    [
      () => accounts.call('Get', {}, { metadata: { a: {} as never } }),
      'metadata: the value of a must be text, not an object',
    ],
    [
      () => accounts.call('Get', {}, { metadata: { 'a-bin': 'x' } }),
      'metadata: the value of a-bin must be bytes, because the name ends with -bin: use Buffer.from(…)',
    ],
    [
      () => accounts.call('Get', {}, { metadata: { 'grpc-timeout': '1S' } }),
      'metadata: grpc-timeout is reserved for gRPC itself: use another name',
    ],
    [
      () => accounts.call('Get', {}, { deadline: 'soon' as never }),
      "'soon' is not a duration: write, for example, 500ms, 30s, 5m or 1h30m",
    ],
    [
      () => accounts.call('Get', accounts.encoded('Watch', {})),
      'bank.Accounts/Get: the message must be encoded as bank.GetRequest, not as bank.WatchRequest',
    ],
  ];
  for (const [attempt, message] of attempts) await expect(attempt()).rejects.toThrow(message);
  expect(samples).toEqual([]);
  expect(server.requests).toBe(0);
});
