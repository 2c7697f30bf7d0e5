import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { Dealer, Router } from 'zeromq';
import { RefusedPeers } from './refused-peers.js';

test('a peer with another protocol is counted once, after a while; an accepted peer never', async () => {
  const router = new Router({ linger: 0 });
  let count = 0;
  const refused = new RefusedPeers(router, () => (count += 1), 100);
  const dealer = new Dealer({ linger: 0 });
  await router.bind('tcp://127.0.0.1:0');
  try {
    dealer.connect(router.lastEndpoint!);
    await dealer.send('I am one of yours');
    await router.receive();
    for (let n = 0; n < 3; n += 1) {
      // The first byte of ZeroMQ without a valid greeting: libzmq disconnects without an event.
      await hungUpOn(router.lastEndpoint!, Buffer.alloc(5_000, 0xff));
    }
    while (count < 3) await pause(20);
    await pause(300);
    expect(count).toBe(3);
  } finally {
    refused.close();
    router.close();
    dealer.close();
  }
});

async function hungUpOn(address: string, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write(bytes));
    socket.resume();
    socket.on('error', () => {}).on('close', () => resolve());
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
