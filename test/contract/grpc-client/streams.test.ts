import { describe, expect, test } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { closeAfterEach, until, wait } from '../support/closing.js';
import { bidi, clientStream, serverStream } from '../support/grpc-servers.js';
import { countsOf, openBank, told, type Bank, type BankOptions } from './bank.js';

const closeAfter = closeAfterEach();
const FIRST = 'first message bank.Accounts/Watch passed';
const NEXT = 'message bank.Accounts/Watch passed';
const WHOLE = 'server stream bank.Accounts/Watch passed';

describe.each(['native', 'grpc-js'] as const)('streams of %s:', (engine) => {
  const open = ({ service, ...options }: BankOptions = {}): Promise<Bank> =>
    closeAfter(openBank({ ...options, service: { engine, ...service } }));

  test('messages arrive in order; each is counted, and the call is counted when it ends', async () => {
    const { accounts, samples, server } = await open();
    const seen: number[] = [];
    const stream = accounts.stream('Watch', { count: 3 });
    expect(stream.status).toBeUndefined();
    for await (const { at } of stream) seen.push(at);
    expect(seen).toEqual([0, 1, 2]);
    expect(stream).toMatchObject({ status: 'OK', received: 3, failed: false });
    expect(samples.map(told)).toEqual([FIRST, NEXT, NEXT, WHOLE]);
    const [first, second, third, whole] = samples;
    const sumUs = first!.durationUs + second!.durationUs + third!.durationUs;
    expect(whole!.durationUs).toBeGreaterThanOrEqual(sumUs - 3);
    expect(whole!.bytesReceived).toBeGreaterThan(0);
    expect(server.requests).toBe(1);
  });

  test('a broken stream ends the loop without an error and fails the call', async () => {
    const { accounts, samples } = await open({
      methods: {
        '/bank.Accounts/Watch': serverStream((call) => {
          call.write(Buffer.from('{"at":0}'));
          call.emit('error', { code: status.DATA_LOSS, details: 'a disk is gone' });
        }),
      },
    });
    const stream = accounts.stream('Watch', {}, { name: 'watch', tags: { a: 'b' } });
    const seen: unknown[] = [];
    for await (const event of stream) seen.push(event);
    expect(seen).toEqual([{ at: 0 }]);
    expect(stream).toMatchObject({ status: 'DATA_LOSS', failure: 'DATA_LOSS' });
    expect(stream.ending?.details).toBe('a disk is gone');
    expect(samples.map(told)).toEqual([
      'first message watch passed',
      'server stream watch failed: DATA_LOSS',
    ]);
    expect(new Set(samples.map(({ series }) => JSON.stringify(series.tags)))).toEqual(
      new Set(['[["a","b"]]']),
    );
  });

  test('leaving the loop cancels the call, which counts up to that point', async () => {
    let cancelled = 0;
    const { accounts, samples } = await open({
      methods: {
        '/bank.Accounts/Watch': serverStream((call) => {
          call.on('cancelled', () => cancelled++);
          call.write(Buffer.from('{"at":0}'));
        }),
      },
    });
    const stream = accounts.stream('Watch', {});
    for await (const _ of stream) break;
    await until(() => cancelled === 1, 'the cancellation');
    expect(stream).toMatchObject({ status: 'CANCELLED', failed: false, received: 1 });
    expect(samples.map(told)).toEqual([FIRST, WHOLE]);
  });

  test('a stream cancelled from outside ends its loop without an error', async () => {
    const { accounts, samples } = await open({
      methods: { '/bank.Accounts/Watch': serverStream((call) => call.write(Buffer.from('{"at":0}'))) },
    });
    const stream = accounts.stream('Watch', {});
    for await (const _ of stream) setImmediate(() => stream.cancel());
    expect(samples.map(told)).toEqual([FIRST, WHOLE]);
  });

  test('a deadline applies to the whole stream', async () => {
    const { accounts, samples } = await open({
      methods: { '/bank.Accounts/Watch': serverStream((call) => call.write(Buffer.from('{"at":0}'))) },
    });
    const stream = accounts.stream('Watch', {}, { deadline: 200 });
    for await (const _ of stream);
    expect(stream.failure).toBe('DEADLINE_EXCEEDED');
    expect(told(samples.at(-1)!)).toBe('server stream bank.Accounts/Watch failed: DEADLINE_EXCEEDED');
  });

  test('a slow reader makes the server wait', async () => {
    let written = 0;
    const total = 64;
    const message = Buffer.from(JSON.stringify({ at: 0, text: 'x'.repeat(100_000) }));
    const { accounts } = await open({
      methods: {
        '/bank.Accounts/Watch': serverStream((call) => {
          const writeOn = (): void => {
            while (written < total) {
              written++;
              if (!call.write(message)) return void call.once('drain', writeOn);
            }
            call.end();
          };
          writeOn();
        }),
      },
    });
    const stream = accounts.stream('Watch', {});
    let read = 0;
    for await (const _ of stream) {
      if (read++ > 0) continue;
      let before = -1;
      while (before !== written) {
        before = written;
        await wait(100);
      }
      expect(written).toBeLessThan(total);
    }
    expect(read).toBe(total);
    expect(stream.status).toBe('OK');
  });

  test('a message that cannot be decoded ends the loop and fails the call', async () => {
    const { accounts, samples } = await open({
      methods: {
        '/bank.Accounts/Watch': serverStream((call) => {
          call.write(Buffer.from('{"at":0}'));
          call.write(Buffer.from('{'));
        }),
      },
    });
    const stream = accounts.stream('Watch', {});
    const seen: unknown[] = [];
    for await (const event of stream) seen.push(event);
    expect(seen).toEqual([{ at: 0 }]);
    await until(() => stream.status !== undefined, 'the end');
    expect(told(samples.at(-1)!)).toBe(
      'server stream bank.Accounts/Watch failed: a message is not a bank.WatchResponse',
    );
  });

  test('messages to the server come from a list or from a generator', async () => {
    const { accounts, samples, server } = await open();
    const fromList = await accounts.send('Deposit', [{ amount: 1 }, { amount: 2 }]);
    const made = await accounts.send(
      'Deposit',
      (async function* () {
        for (let i = 0; i < 1_000; i++) {
          if (i % 100 === 0) await wait(1);
          yield { amount: i, text: 'x'.repeat(1_000) };
        }
      })(),
    );
    expect([fromList.message, made.message]).toEqual([{ count: 2 }, { count: 1_000 }]);
    expect(samples.map(told)).toEqual(Array(2).fill('client stream bank.Accounts/Deposit passed'));
    expect(samples[1]!.bytesSent).toBeGreaterThan(1_000_000);
    expect(server.requests).toBe(2);
  });

  test('an early answer from the server is received at once, even with messages still to send', async () => {
    const { accounts, samples } = await open({
      methods: {
        '/bank.Accounts/Deposit': clientStream((call, reply) => {
          call.once('data', () => reply({ code: status.RESOURCE_EXHAUSTED }));
        }),
      },
    });
    let stopped = false;
    const reply = await accounts.send(
      'Deposit',
      (async function* () {
        try {
          for (;;) {
            yield { amount: 1 };
            await wait(5);
          }
        } finally {
          stopped = true;
        }
      })(),
    );
    expect(reply.failure).toBe('RESOURCE_EXHAUSTED');
    await until(() => stopped, 'the end of the messages');
    expect(samples).toHaveLength(1);
  });

  test('an error thrown by the message generator is rethrown and fails the call', async () => {
    const { accounts, samples } = await open();
    const messages = async function* (wrong: object): AsyncGenerator<object> {
      yield { amount: 1 };
      await wait(50);
      yield wrong;
      throw new Error('out of money');
    };
    await expect(accounts.send('Deposit', messages({}))).rejects.toThrow('out of money');
    await expect(accounts.send('Deposit', messages({ wrong: 1 }))).rejects.toThrow(
      'bank.Accounts/Deposit: wrong: there is no such field',
    );
    const failed =
      'client stream bank.Accounts/Deposit failed: CANCELLED: its request messages threw an error';
    expect(samples.map(told)).toEqual([failed, failed]);
  });

  test('messages in both directions', async () => {
    const { accounts, samples, server } = await open();
    const chat = accounts.open('Chat');
    const seen: unknown[] = [];
    await chat.send({ n: 1 });
    for await (const message of chat) {
      seen.push(message.n);
      if (seen.length === 3) chat.end();
      else await chat.send({ n: seen.length + 1 });
    }
    expect(seen).toEqual([1, 2, 3]);
    await chat.send({ n: 4 });
    expect(chat).toMatchObject({ status: 'OK', received: 3 });
    expect(countsOf(samples)).toEqual({
      'first message bank.Accounts/Chat passed': 1,
      'message bank.Accounts/Chat passed': 2,
      'bidi bank.Accounts/Chat passed': 1,
    });
    expect(server.requests).toBe(1);
  });

  test('a server that does not read makes the sender wait until the call ends', async () => {
    const { accounts } = await open({ methods: { '/bank.Accounts/Chat': bidi((call) => call.pause()) } });
    const chat = accounts.open('Chat');
    const text = 'x'.repeat(100_000);
    let sent = 0;
    const sending = (async () => {
      for (; chat.status === undefined && sent < 1_000; sent++) await chat.send({ text });
    })();
    let before = -1;
    while (before !== sent) {
      before = sent;
      await wait(100);
    }
    expect(sent).toBeLessThan(1_000);
    chat.cancel();
    await sending;
    expect(chat.status).toBe('CANCELLED');
  });

  test('messages can be read only once', async () => {
    const { accounts } = await open();
    const stream = accounts.stream('Watch', { count: 1 });
    for await (const _ of stream);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(
      'bank.Accounts/Watch: the messages can be read only once, and another loop has begun to read them',
    );
  });
});
