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

/** A worker says hello and the master hears it: the port is in order. */
async function expectService(master: MasterLink, heard: readonly WorkerMessage[]): Promise<void> {
  const worker = await closing(dialWorkerLink(master.address, 'honest'));
  worker.listen(() => {});
  const before = heard.length;
  let sent = false;
  await until(() => {
    sent ||= worker.send(WORKER_MESSAGES.hello);
    return heard.length > before;
  }, 'the hello of an honest worker');
}

describe('binding', () => {
  test('to port 0 takes a free port and names it', async () => {
    const { master, port } = await bindAnywhere();
    expect(master.address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    expect(port).toBeGreaterThan(0);
  });

  test.each([
    ['a port that is taken', async () => (await bindAnywhere()).master.address],
    ['an address of another machine', () => Promise.resolve('tcp://192.0.2.1:5557')],
    ['what is no address', () => Promise.resolve('tcp://nonsense')],
  ])('to %s says so, and how to mend it', async (_, addressOf) => {
    const address = await addressOf();
    const error = await bindMasterLink(address).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DrumlineError);
    expect(error).toMatchObject({ exit: 'address-unavailable', exitCode: 6 });
    expect((error as DrumlineError).message).toContain(`The master cannot listen on ${address}: `);
    expect((error as DrumlineError).hint).toContain('--bind');
  });
});

describe('the master’s port goes on after', () => {
  test('a browser', async () => {
    const { master, heard, port } = await bindAnywhere();
    const socket = connect(port, '127.0.0.1');
    leftovers.push(() => socket.destroy());
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10));
    await expectService(master, heard);
    expect(heard).toEqual([WORKER_MESSAGES.hello]);
  });

  test('somebody who connects and hangs up, a hundred times', async () => {
    const { master, heard, port } = await bindAnywhere();
    for (let n = 0; n < 100; n += 1) {
      await new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.destroy());
        socket.on('close', resolve).on('error', () => {});
      });
    }
    await expectService(master, heard);
  });

  test('somebody who stops in the middle of the greeting', async () => {
    const { master, heard, port } = await bindAnywhere();
    const socket = connect(port, '127.0.0.1');
    leftovers.push(() => socket.destroy());
    socket.on('error', () => {});
    socket.write(Buffer.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1));
    await expectService(master, heard);
  });

  test('messages of too many parts and of none', async () => {
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

describe('a worker’s link', () => {
  test('ignores what is no message of a master, and goes on', async () => {
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
  });

  test('takes the place of its old connection at once', async () => {
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
