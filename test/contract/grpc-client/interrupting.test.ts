import { describe, expect, test } from '@jest/globals';
import { isInterrupted } from '@drumline/drivers';
import { closeAfterEach, until } from '../support/closing.js';
import { bidi, clientStream, serverStream, unary, type TestMethod } from '../support/grpc-servers.js';
import { countsOf, openBank, type Bank } from './bank.js';

const closeAfter = closeAfterEach();

/** The error thrown to a waiting caller. */
async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => 'nothing',
    (error: unknown) => (isInterrupted(error) ? 'interrupted' : error),
  );
}

async function readAll(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

async function* forever(): AsyncGenerator<object> {
  yield {};
  await new Promise(() => {});
}

describe.each(['native', 'grpc-js'] as const)('stopped users of %s:', (engine) => {
  const open = (get: TestMethod = unary(() => {})): Promise<Bank> =>
    closeAfter(
      openBank({
        service: { engine },
        methods: {
          '/bank.Accounts/Get': get,
          '/bank.Accounts/Watch': serverStream((call) => call.write(Buffer.from('{}'))),
          '/bank.Accounts/Deposit': clientStream(() => {}),
          '/bank.Accounts/Chat': bidi((call) => call.write(Buffer.from('{}'))),
        },
      }),
    );

  test('every call in flight is cancelled, counted as interrupted, and throws', async () => {
    const { accounts, client, server, samples } = await open();
    const chat = accounts.open('Chat');
    await chat.send({});
    const waiting = [
      accounts.call('Get', {}),
      readAll(accounts.stream('Watch', {})),
      accounts.send('Deposit', forever()),
      readAll(chat),
      accounts.batches('Get', [1, 2, 3], { size: 1, concurrency: 2, request: (ids) => ({ ids }) }),
    ].map(thrown);
    await until(() => server.requests === 6 && samples.length === 2, 'the calls');
    client.interrupt();
    expect(await Promise.all(waiting)).toEqual(Array(5).fill('interrupted'));
    expect(countsOf(samples)).toEqual({
      'unary bank.Accounts/Get interrupted': 3,
      'batches bank.Accounts/Get interrupted': 1,
      'first message bank.Accounts/Watch passed': 1,
      'server stream bank.Accounts/Watch interrupted': 1,
      'client stream bank.Accounts/Deposit interrupted': 1,
      'first message bank.Accounts/Chat passed': 1,
      'bidi bank.Accounts/Chat interrupted': 1,
    });
    expect(server.requests).toBe(6);
  });

  test('every later call is rejected in a later turn of the event loop and not counted', async () => {
    const { accounts, client, server, samples } = await open();
    client.interrupt();
    const attempts = [
      () => accounts.call('Get', {}),
      () => accounts.health(),
      () => readAll(accounts.stream('Watch', {})),
      () => accounts.send('Deposit', [{}]),
      () => readAll(accounts.open('Chat')),
      () => accounts.open('Chat').send({}),
      () => accounts.batches('Get', [1], { size: 1, request: () => ({}) }),
    ];
    for (const attempt of attempts) {
      let turned = false;
      setImmediate(() => (turned = true));
      expect(await thrown(attempt())).toBe('interrupted');
      expect(turned).toBe(true);
    }
    expect(samples).toEqual([]);
    expect(server.requests).toBe(0);
  });

  test('another user of the lane continues', async () => {
    const answers: (() => void)[] = [];
    const hold = unary((call, reply) => void answers.push(() => reply(null, call.request)));
    const { driver, spec, accounts, client } = await open(hold);
    const other = driver.openClient({ user: 'auditor' }).of(spec);
    const stopped = thrown(accounts.call('Get', {}));
    const going = other.call('Get', {});
    await until(() => answers.length === 2, 'both calls');
    await client.close();
    for (const answer of answers) answer();
    expect(await stopped).toBe('interrupted');
    expect((await going).status).toBe('OK');
  });
});
