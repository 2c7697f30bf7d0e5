import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerToken } from '@drumline/wire/security';
import { Dealer } from 'zeromq';
import { encoded, helloOf } from '../frames.js';
import type { Random } from '../random.js';

/** Concurrent links. */
const LINKS = 8;
const FRAMES = 500;

/**
 * Runs peers that may join, with ZMTP heartbeats, over connections that break. Forwarding of
 * answers stops, then the connection is reset at any point, encrypted or not.
 * @returns how many connections were reset
 */
export async function tearLinks(
  address: string,
  random: Random,
  token: WorkerToken | null,
  untilMs: number,
): Promise<number> {
  let torn = 0;
  const relay = createServer((near) => {
    torn += 1;
    tear(near, connect(Number(new URL(address).port), '127.0.0.1'), random);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  const one = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      await speak(`tcp://127.0.0.1:${port}`, random, token);
    }
  };
  await Promise.all(Array.from({ length: LINKS }, one));
  relay.close();
  return torn;
}

/** Forwards data of the near end up to some byte, and answers from the far end for a while. */
function tear(near: Socket, far: Socket, random: Random): void {
  const reset = (): void => {
    near.resetAndDestroy();
    far.resetAndDestroy();
  };
  let left = 64 + random.below(random.pick([600, 3_000, 60_000]));
  let answered = 64 + random.below(random.pick([300, 3_000]));
  for (const socket of [near, far]) socket.on('error', reset).on('close', reset);
  far.on('data', (bytes) => {
    near.write(bytes);
    answered -= bytes.length;
    if (answered <= 0) far.pause();
  });
  near.on('data', (bytes) => {
    far.write(bytes.subarray(0, left));
    left -= bytes.length;
    if (left <= 0) setTimeout(reset, random.below(5));
  });
}

async function speak(address: string, random: Random, token: WorkerToken | null): Promise<void> {
  const name = `torn-${random.below(20)}`;
  const dealer = new Dealer({
    routingId: name,
    linger: 0,
    sendTimeout: 0,
    heartbeatInterval: 1 + random.below(20),
    heartbeatTimeToLive: 100 * random.below(3),
    reconnectInterval: 10,
    ...token?.client,
  });
  dealer.connect(address);
  const hello = encoded(helloOf(name, random));
  for (let left = FRAMES; left > 0; left -= 1) {
    await dealer.send(random.below(50) === 0 ? hello : random.bytes(40)).catch(() => {});
    if (left % 20 === 0) await pause(random.below(10));
  }
  dealer.close();
}
