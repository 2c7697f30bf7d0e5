import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import {
  bindMasterLink,
  dialWorkerLink,
  encodeMessage,
  type MasterLink,
  type MasterMessage,
  type WorkerMessage,
} from '@drumline/wire';
import { Dealer, Router } from 'zeromq';
import { closeAfterEach, until } from './support/closing.js';
import { MASTER_MESSAGES, WORKER_MESSAGES } from './wire-messages.js';

const closing = closeAfterEach();
const leftovers: (() => void)[] = [];
afterEach(() => {
  for (const close of leftovers.splice(0)) close();
});

async function bindAnywhere(): Promise<{ master: MasterLink; heard: WorkerMessage[]; port: number }> {
  const master = await closing(bindMasterLink('tcp://127.0.0.1:0'));
  const heard: WorkerMessage[] = [];
  master.listen((_, message) => heard.push(message));
  return { master, heard, port: Number(master.address.split(':').at(-1)) };
}

/** Sends a hello from a worker and waits for it at the master, to prove that the port works. */
async function expectService(master: MasterLink, heard: readonly WorkerMessage[]): Promise<void> {
  const worker = await closing(dialWorkerLink(master.address, 'honest'));
  worker.listen(() => {});
  const before = heard.length;
  let sent = false;
  await until(() => {
    sent ||= worker.send(WORKER_MESSAGES.hello);
    return heard.length > before;
  }, 'the hello of a valid worker');
}

describe('binding', () => {
  test('to port 0 uses a free port and reports it', async () => {
    const { master, port } = await bindAnywhere();
    expect(master.address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    expect(port).toBeGreaterThan(0);
  });

  test.each([
    ['a port in use', async () => (await bindAnywhere()).master.address],
    ['an address of another machine', () => Promise.resolve('tcp://192.0.2.1:5557')],
    ['an invalid address', () => Promise.resolve('tcp://nonsense')],
  ])('to %s fails with the problem and the remedy', async (_, addressOf) => {
    const address = await addressOf();
    const error = await bindMasterLink(address).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DrumlineError);
    expect(error).toMatchObject({ exit: 'address-unavailable', exitCode: 6 });
    expect((error as DrumlineError).message).toContain(`The master cannot listen on ${address}: `);
    expect((error as DrumlineError).hint).toContain('--bind');
  });
});

describe('the master’s port continues after', () => {
  test('a browser', async () => {
    const { master, heard, port } = await bindAnywhere();
    const socket = connect(port, '127.0.0.1');
    leftovers.push(() => socket.destroy());
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10));
    await expectService(master, heard);
    expect(heard).toEqual([WORKER_MESSAGES.hello]);
  });

  test('a peer that connects and disconnects, a hundred times', async () => {
    const { master, heard, port } = await bindAnywhere();
    for (let n = 0; n < 100; n += 1) {
      await new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.destroy());
        socket.on('close', resolve).on('error', () => {});
      });
    }
    await expectService(master, heard);
  });

  test('a peer that stops in the middle of the greeting', async () => {
    const { master, heard, port } = await bindAnywhere();
    const socket = connect(port, '127.0.0.1');
    leftovers.push(() => socket.destroy());
    socket.on('error', () => {});
    socket.write(Buffer.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1));
    await expectService(master, heard);
  });

  test('messages with too many parts or none', async () => {
    const { master, heard } = await bindAnywhere();
    const stranger = new Dealer({ linger: 1_000 });
    leftovers.push(() => stranger.close());
    stranger.connect(master.address);
    await stranger.send(['one', 'two', 'three']);
    await stranger.send(['', Buffer.of(0xc1)]);
    await until(() => master.badFrames === 2, 'two bad frames');
    await expectService(master, heard);
  });
});

test('master and worker connect over IPv6, with port 0 and the port it becomes', async () => {
  const master = await closing(bindMasterLink('tcp://[::1]:0'));
  const heard: WorkerMessage[] = [];
  master.listen((_, message) => heard.push(message));
  expect(master.address).toMatch(/^tcp:\/\/\[::1\]:[1-9]\d*$/);
  await expectService(master, heard);
});

describe('of a peer that has not joined', () => {
  const strangers = async (): Promise<{
    master: MasterLink;
    heard: WorkerMessage[];
    dropped: string[];
    stranger: Dealer;
  }> => {
    const master = await closing(bindMasterLink('tcp://127.0.0.1:0'));
    const heard: WorkerMessage[] = [];
    const dropped: string[] = [];
    master.listen((_, message) => heard.push(message), {
      knows: () => false,
      dropped: (kind, why) => dropped.push(`${kind}: ${why}`),
    });
    const stranger = new Dealer({ linger: 0 });
    leftovers.push(() => stranger.close());
    stranger.connect(master.address);
    return { master, heard, dropped, stranger };
  };

  test('frames longer than the longest hello are not decoded', async () => {
    const { heard, dropped, stranger } = await strangers();
    await stranger.send(Buffer.alloc(9_000, 0xc1));
    await stranger.send(encodeMessage(WORKER_MESSAGES.hello));
    await until(() => heard.length > 0, 'the hello');
    expect(dropped).toEqual(['stranger: 9000 bytes from a peer that has not joined']);
  });

  test('the longest hello is decoded', async () => {
    const { heard, stranger } = await strangers();
    const long = 'ü'.repeat(256);
    const hello = { ...WORKER_MESSAGES.hello, version: long, instance: long, host: long, node: long };
    await stranger.send(encodeMessage({ ...hello, name: 'ü'.repeat(128) }));
    await until(() => heard.length > 0, 'the hello');
    expect(heard[0]!.type).toBe('hello');
  });

  test('a frame of more than 16 MiB ends the connection without being read', async () => {
    const { master, heard, dropped, stranger } = await strangers();
    const { events } = stranger;
    await stranger.send(Buffer.alloc(16 * 1024 * 1024 + 1));
    for await (const { type } of events) if (type === 'disconnect') break;
    await expectService(master, heard);
    expect(dropped).toEqual([]);
  });
});

describe('a worker’s link', () => {
  test('ignores bytes that are not a message from a master, and continues', async () => {
    const router = new Router({ linger: 0 });
    leftovers.push(() => router.close());
    await router.bind('tcp://127.0.0.1:0');
    const worker = await closing(dialWorkerLink(router.lastEndpoint!, 'w1'));
    const heard: MasterMessage[] = [];
    worker.listen((message) => heard.push(message));
    await until(() => worker.send(WORKER_MESSAGES.hello), 'a connection');
    const [peer] = (await router.receive()) as [Buffer];

    await router.send([peer, Buffer.of(0xc1)]);
    await router.send([peer, encodeMessage(WORKER_MESSAGES.hello)]);
    await router.send([peer, encodeMessage(MASTER_MESSAGES.welcome), 'and more']);
    await router.send([peer, encodeMessage(MASTER_MESSAGES.reportAck)]);
    await until(() => heard.length > 0, 'the real message');
    expect(heard).toEqual([MASTER_MESSAGES.reportAck]);
    expect(worker.badFrames).toBe(3);
  });

  test('replaces its old connection at once', async () => {
    const peers: string[] = [];
    const master = await closing(bindMasterLink('tcp://127.0.0.1:0'));
    master.listen((peer) => peers.push(peer));
    for (let n = 0; n < 2; n += 1) {
      const worker = await closing(dialWorkerLink(master.address, 'same'));
      const heard: MasterMessage[] = [];
      worker.listen((message) => heard.push(message));
      let sent = false;
      await until(() => (sent ||= worker.send(WORKER_MESSAGES.hello)) && peers.length > n, 'the hello');
      master.send(peers.at(-1)!, MASTER_MESSAGES.welcome);
      await until(() => heard.length > 0, 'the welcome');
    }
    expect(peers[0]).toBe(peers[1]);
  });
});
