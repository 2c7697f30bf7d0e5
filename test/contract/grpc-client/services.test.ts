import { expect, test } from '@jest/globals';
import { closeAfterEach } from '../support/closing.js';
import { unary } from '../support/grpc-servers.js';
import { BANK, countsOf, openBank, told, type Bank, type BankOptions } from './bank.js';

const closeAfter = closeAfterEach();
const open = (options?: BankOptions): Promise<Bank> => closeAfter(openBank(options));

test('batches: each batch is a call, the whole is one more, and the replies are in order', async () => {
  let [underWay, most] = [0, 0];
  const { accounts, samples, server } = await open({
    methods: {
      '/bank.Accounts/Get': unary((call, reply) => {
        most = Math.max(most, ++underWay);
        const { ids } = JSON.parse(call.request.toString()) as { ids: number[] };
        setTimeout(
          () => {
            underWay--;
            reply(null, call.request);
          },
          10 / (ids[0]! + 1),
        );
      }),
    },
  });
  const items = Array.from({ length: 25 }, (_, i) => i);
  const replies = await accounts.batches('Get', items, {
    size: 10,
    concurrency: 2,
    request: (ids, index) => ({ ids, index }),
    name: 'balances',
  });
  expect(replies.map(({ message }) => message)).toEqual([
    { ids: items.slice(0, 10), index: 0 },
    { ids: items.slice(10, 20), index: 1 },
    { ids: items.slice(20), index: 2 },
  ]);
  expect(most).toBe(2);
  expect(countsOf(samples)).toEqual({
    'unary balances passed': 3,
    'batches balances passed': 1,
  });
  const whole = samples.at(-1)!;
  expect(whole.series).toMatchObject({ method: 'batches', name: 'balances' });
  for (const { durationUs } of samples) expect(whole.durationUs).toBeGreaterThanOrEqual(durationUs);
  expect(server.requests).toBe(3);
});

test('batches: a failed batch fails the whole, and the others are still sent', async () => {
  const { accounts, samples } = await open({
    methods: {
      '/bank.Accounts/Get': unary((call, reply) => {
        const { ids } = JSON.parse(call.request.toString()) as { ids: number[] };
        reply(ids[0] === 2 ? { code: 9 } : null, call.request);
      }),
    },
  });
  const replies = await accounts.batches('Get', [1, 2, 3], { size: 1, request: (ids) => ({ ids }) });
  expect(replies.map(({ status }) => status)).toEqual(['OK', 'FAILED_PRECONDITION', 'OK']);
  expect(samples.map(told)).toEqual([
    'unary bank.Accounts/Get passed',
    'unary bank.Accounts/Get failed: FAILED_PRECONDITION',
    'unary bank.Accounts/Get passed',
    'batches bank.Accounts/Get failed: FAILED_PRECONDITION',
  ]);
});

test('batches: no items make no call; an invalid size and a wrong message throw', async () => {
  const { accounts, samples } = await open();
  const request = (ids: readonly number[]): object => ({ ids });
  expect(await accounts.batches('Get', [], { size: 5, request })).toEqual([]);
  await expect(accounts.batches('Get', [1], { size: 0, request })).rejects.toThrow(
    'batches: size must be a whole number of at least 1, not 0',
  );
  await expect(accounts.batches('Get', [1], { size: 1, concurrency: 1.5, request })).rejects.toThrow(
    'batches: concurrency must be a whole number of at least 1, not 1.5',
  );
  const wrong = { size: 1, request: () => ({ wrong: 1 }) };
  await expect(accounts.batches('Get', [1, 2], wrong)).rejects.toThrow('wrong: there is no such field');
  expect(samples).toEqual([]);
});

test('encoded and frozen messages are not encoded again', async () => {
  const { accounts, samples } = await open();
  let reads = 0;
  const counting = {
    get ids() {
      reads++;
      return [1];
    },
  };
  const encoded = accounts.encoded('Get', counting);
  const replies = [await accounts.call('Get', encoded), await accounts.call('Get', encoded)];
  expect(replies.map(({ message }) => message)).toEqual([{ ids: [1] }, { ids: [1] }]);
  expect(reads).toBe(1);

  let made = 0;
  const ids = Object.freeze([7]);
  const frozen = Object.freeze({ ids, toJSON: Object.freeze(() => ({ ids, made: ++made })) });
  for (let i = 0; i < 3; i++) await accounts.call('Get', frozen);
  expect(made).toBe(1);

  const halfFrozen = Object.freeze({ ids: [1] });
  await accounts.call('Get', halfFrozen);
  halfFrozen.ids.push(2);
  expect((await accounts.call('Get', halfFrozen)).message).toEqual({ ids: [1, 2] });
  expect(samples).toHaveLength(7);
});

test('health: the status of the service, of another service and of the server', async () => {
  const asked: string[] = [];
  const { accounts, samples } = await open({
    methods: {
      '/grpc.health.v1.Health/Check': unary((call, reply) => {
        const name = call.request.subarray(call.request.length > 130 ? 3 : 2).toString();
        asked.push(name);
        if (name === 'none') reply({ code: 5 });
        else reply(null, Buffer.from(name === '' ? [] : [0x08, name === 'bank.Accounts' ? 1 : 2]));
      }),
    },
  });
  const longName = 'x'.repeat(300);
  const replies = [
    await accounts.health(),
    await accounts.health(longName),
    await accounts.health('', { name: 'alive' }),
    await accounts.health('none'),
  ];
  expect(asked).toEqual(['bank.Accounts', longName, '', 'none']);
  expect(replies.map(({ message }) => message?.status)).toEqual([
    'SERVING',
    'NOT_SERVING',
    'UNKNOWN',
    undefined,
  ]);
  expect(samples.map(told)).toEqual([
    'unary grpc.health.v1.Health/Check passed',
    'unary grpc.health.v1.Health/Check passed',
    'unary alive passed',
    'unary grpc.health.v1.Health/Check failed: NOT_FOUND',
  ]);
});

test.each([
  [undefined, 1],
  [3, 3],
  ['user', 5],
] as const)('channels: %s makes %s connections for five users', async (channels, connections) => {
  const { driver, spec, server } = await open({
    service: { ...(channels !== undefined && { channels }) },
    methods: {
      '/bank.Accounts/Get': unary((call, reply) => void setTimeout(() => reply(null, call.request), 50)),
    },
  });
  const users = Array.from({ length: 5 }, () => driver.openClient({ user: 'teller' }).of(spec));
  await Promise.all(users.flatMap((user) => [user.call('Get', {}), user.call('Get', {})]));
  expect(server.connections).toBe(connections);
});

test('services with the same target share their channels', async () => {
  const { driver, spec, server } = await open();
  const client = driver.openClient({ user: 'teller' });
  const other = client.of({ ...spec });
  expect(client.of(spec)).toBe(client.of(spec));
  expect(other).not.toBe(client.of(spec));
  await Promise.all([client.of(spec).call('Get', {}), other.call('Get', {})]);
  expect(server.connections).toBe(1);
});

test('the service’s target overrides that of the plan; without either, the error is clear', async () => {
  const { accounts, server, driver } = await open({ planned: true });
  await accounts.call('Get', {});
  expect(server.requests).toBe(1);
  const elsewhere = await open({ driver: { target: server.origin } });
  await elsewhere.accounts.call('Get', {});
  expect([server.requests, elsewhere.server.requests]).toEqual([1, 1]);
  const nowhere = await open();
  const bare = { schema: BANK, service: 'bank.Accounts' };
  expect(() => nowhere.driver.openClient({ user: 'teller' }).of(bare)).toThrow(
    /^there is no target: set it in service/,
  );
  expect(driver.openClient({ user: 'teller' }).of(bare)).toBeDefined();
});

test.each([
  ['bank.example', "'bank.example' is not a valid target: add the port"],
  ['ftp://bank.example', "'ftp://bank.example' is not a valid target: its scheme must be http: or https:"],
  ['http://', "'http://' is not a valid target: write, for example, 'bank.example:443'"],
])('an unusable target is reported: %s', async (target, message) => {
  const { client } = await open();
  const spec = { schema: BANK, service: 'bank.Accounts', options: { target } };
  expect(() => client.of(spec)).toThrow(message);
});

test('a closed client leaves none of its own connections open', async () => {
  const { client, accounts, server } = await open({ service: { channels: 'user' } });
  await accounts.call('Get', {});
  await client.close();
  await server.drained();
});
