import { describe, expect, test } from '@jest/globals';
import type { GrpcClient } from '@drumline/drivers/grpc';
import { CallersAlike, CallersByContext, type GrpcCaller } from './grpc-callers.js';

/** A client that knows its name and whether it was interrupted. */
function client(name: string): GrpcClient & { name: string; isCut: boolean } {
  const made = { name, isCut: false, interrupt: () => (made.isCut = true) };
  return made as unknown as GrpcClient & { name: string; isCut: boolean };
}

function caller(name: string): GrpcCaller {
  const own = client(name);
  return { grpcClient: () => own };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('users that share a client', () => {
  let opened: ReturnType<typeof client>[] = [];
  const open = (): CallersAlike => {
    opened = [];
    return new CallersAlike(() => {
      opened.push(client(`shared ${opened.length + 1}`));
      return opened.at(-1)!;
    });
  };

  test('keep it after an await', async () => {
    const callers = open();
    const seen = await Promise.all(
      ['a', 'b'].map((name) =>
        callers.enter(caller(name), async () => {
          const first = callers.client;
          await turn();
          return [first, callers.client];
        }),
      ),
    );
    expect(new Set(seen.flat())).toEqual(new Set([opened[0]]));
  });

  test('have none before the first user, and after all were cut off', () => {
    const callers = open();
    expect(callers.client).toBeUndefined();
    callers.enter(caller('a'), () => callers.client);
    callers.cut();
    expect(opened.map(({ isCut }) => isCut)).toEqual([true]);
    expect(callers.client).toBeUndefined();
    expect(callers.enter(caller('b'), () => callers.client)).toBe(opened[1]);
  });

  test('do not share it with setup and teardown', async () => {
    const callers = open();
    const setup = caller('setup');
    const seen = await callers.enterPhase(setup, async () => {
      await turn();
      return callers.client;
    });
    expect(seen).toBe(setup.grpcClient());
    expect(callers.client).toBeUndefined();
    await callers.enterPhase(setup, () => Promise.reject(new Error('failed'))).catch(() => {});
    expect(callers.client).toBeUndefined();
    expect(opened).toEqual([]);
  });
});

describe('users with separate clients', () => {
  test('keep their own client after an await', async () => {
    const callers = new CallersByContext();
    const users = ['a', 'b'].map(caller);
    const run = (user: GrpcCaller): Promise<unknown> =>
      callers.enter(user, async () => {
        await turn();
        return callers.client;
      });
    expect(await Promise.all(users.map(run))).toEqual(users.map((user) => user.grpcClient()));
    expect(callers.client).toBeUndefined();
  });
});
