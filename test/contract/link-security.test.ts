// Authentication at the master's port: which peers it admits and which it rejects.
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import {
  bindMasterLink,
  dialWorkerLink,
  encodeMessage,
  type LinkRefusal,
  type MasterLink,
  type WorkerLink,
  type WorkerMessage,
} from '@drumline/wire';
import { MasterKey, WorkerToken } from '@drumline/wire/security';
import { curveKeyPair, Dealer } from 'zeromq';
import { closeAfterEach, until, wait } from './support/closing.js';
import { WORKER_MESSAGES } from './wire-messages.js';

const closing = closeAfterEach();
const KEY = MasterKey.generate();

interface Bound {
  readonly link: MasterLink;
  readonly heard: WorkerMessage[];
  /** Reasons of rejected connections. */
  readonly refused: string[];
}

interface Dialled {
  readonly link: WorkerLink;
  readonly refusals: LinkRefusal[];
}

async function bind(key: MasterKey | null, address = 'tcp://127.0.0.1:0'): Promise<Bound> {
  const link = await closing(bindMasterLink(address, key));
  const heard: WorkerMessage[] = [];
  const refused: string[] = [];
  link.listen((_, message) => heard.push(message), {
    knows: () => true,
    dropped: (kind, why, count = 1) => {
      const text = kind === 'connection' ? why : `${kind}: ${why}`;
      refused.push(...Array.from({ length: count }, () => text));
    },
  });
  return { link, heard, refused };
}

async function dial(address: string, token: WorkerToken | null): Promise<Dialled> {
  const link = await closing(dialWorkerLink(address, `w${Math.random()}`, token));
  const refusals: LinkRefusal[] = [];
  link.listen(
    () => {},
    (refusal) => refusals.push(refusal),
  );
  return { link, refusals };
}

async function expectHeard({ heard }: Bound, { link }: Dialled): Promise<void> {
  let sent = false;
  await until(() => (sent ||= link.send(WORKER_MESSAGES.hello)) && heard.length > 0, 'the hello');
  expect(heard).toEqual([WORKER_MESSAGES.hello]);
}

describe('a worker is rejected with a reason, before the master receives a message, if', () => {
  test.each<[string, MasterKey | null, WorkerToken | null, LinkRefusal]>([
    ['it has no token but the master has a key', KEY, null, 'token-needed'],
    ['it has the token of another key', KEY, MasterKey.generate().workerToken, 'other-token'],
    ['it knows the master’s public key but has another secret', KEY, forgedToken(), 'other-token'],
    ['it has a token but the master has no key', null, KEY.workerToken, 'no-key'],
  ])('%s', async (_, key, token, refusal) => {
    const bound = await bind(key);
    const { link, refusals } = await dial(bound.link.address, token);
    const talking = setInterval(() => link.send(WORKER_MESSAGES.hello), 5);
    await until(() => refusals.length > 0, 'a refusal');
    clearInterval(talking);
    expect(refusals[0]).toBe(refusal);
    await until(() => bound.refused.length > 0, 'its counting');
    expect(bound).toMatchObject({ heard: [], link: { badFrames: 0 } });
  });
});

/** The token of a peer that knows the master's public key, but not the workers' secret. */
function forgedToken(): WorkerToken {
  const bytes = Buffer.from(KEY.workerToken.text.split('.')[1]!, 'base64url');
  return WorkerToken.of(bytes.subarray(0, 32), Buffer.alloc(32, 7));
}

describe('a worker retries after a rejection', () => {
  test('and is admitted when its own master listens', async () => {
    const other = await bind(MasterKey.generate());
    const { address } = other.link;
    const worker = await dial(address, KEY.workerToken);
    await until(() => worker.refusals.length > 0, 'the refusal');
    await other.link.close();
    await expectHeard(await bind(KEY, address), worker);
  });

  test('even if libzmq itself does not retry', async () => {
    const other = await bind(null);
    const { address } = other.link;
    const worker = await dial(address, KEY.workerToken);
    await until(() => worker.refusals.length > 1, 'two refusals');
    await other.link.close();
    await expectHeard(await bind(KEY, address), worker);
  });
});

test('a worker with the right token treats broken handshakes as a broken link', async () => {
  const master = await bind(KEY);
  const port = Number(master.link.address.split(':').at(-1));
  let broken = 0;
  // The first handshakes end after the greeting, as on a stalled link. Peers that only probe are
  // answered.
  const proxy = createServer((socket) => {
    const upstream = connect(port, '127.0.0.1');
    socket.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => socket.destroy());
    upstream.pipe(socket);
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.byteLength;
      if (bytes > 64 && broken < 4) {
        broken += 1;
        socket.destroy();
      } else upstream.write(data);
    });
  });
  const worker = await dial(`tcp://127.0.0.1:${await listen(proxy)}`, KEY.workerToken);
  await expectHeard(master, worker);
  expect(broken).toBe(4);
  expect(worker.refusals).toEqual([]);
});

test('a port that closes every connection, like a proxy without a master, is not a rejection', async () => {
  let hangUps = 0;
  const server = createServer((socket) => {
    hangUps += 1;
    socket.resetAndDestroy();
  });
  const port = await listen(server);
  const { refusals } = await dial(`tcp://127.0.0.1:${port}`, KEY.workerToken);
  await until(() => hangUps > 5, 'some hang-ups');
  expect(refusals).toEqual([]);
});

test('two masters in one process have separate keys', async () => {
  const [mine, other] = [MasterKey.generate(), MasterKey.generate()];
  const [master, otherMaster] = [await bind(mine), await bind(other)];
  await expectHeard(otherMaster, await dial(otherMaster.link.address, other.workerToken));
  await expectHeard(master, await dial(master.link.address, mine.workerToken));
  const stray = await dial(master.link.address, other.workerToken);
  await until(() => stray.refusals.length > 0, 'the refusal');
});

test('messages on the wire are encrypted', async () => {
  const master = await bind(KEY);
  const seen: Buffer[] = [];
  const tap = createServer((near) => {
    const far = connect(Number(new URL(master.link.address).port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => {
        seen.push(bytes);
        to.write(bytes);
      });
      from.on('close', () => to.destroy()).on('error', () => {});
    }
  });
  const port = await listen(tap);
  await expectHeard(master, await dial(`tcp://127.0.0.1:${port}`, KEY.workerToken));
  const bytes = Buffer.concat(seen);
  expect(bytes.byteLength).toBeGreaterThan(encodeMessage(WORKER_MESSAGES.hello).byteLength);
  expect(bytes.includes(WORKER_MESSAGES.hello.name)).toBe(false);
  expect(bytes.includes(WORKER_MESSAGES.hello.host)).toBe(false);
});

describe('a port with a key', () => {
  test('counts unauthorized peers of every kind, ignores their messages, and serves its workers meanwhile', async () => {
    const master = await bind(KEY);
    const { address } = master.link;
    const { publicKey, secretKey } = curveKeyPair();
    const { curveServerKey } = KEY.workerToken.client;
    const plain = new Dealer({ linger: 0 });
    const keyed = new Dealer({
      linger: 0,
      curveServerKey,
      curvePublicKey: publicKey,
      curveSecretKey: secretKey,
    });
    for (const stranger of [plain, keyed]) {
      await closing(stranger);
      stranger.connect(address);
      void stranger.send(encodeMessage(WORKER_MESSAGES.hello)).catch(() => {});
    }
    const garbage = connect(Number(new URL(address).port), '127.0.0.1');
    await closing({ close: () => garbage.destroy() });
    garbage.on('error', () => {});
    // A valid greeting, followed by bytes that are not a CURVE command.
    garbage.write(Buffer.concat([greeting('CURVE'), Buffer.alloc(300, 5)]));
    await until(() => master.refused.length >= 3, 'three refusals');
    await expectHeard(master, await dial(address, KEY.workerToken));
    expect(new Set(master.refused)).toEqual(
      new Set(['it did not authenticate with the token of this master']),
    );
  });

  test('closes connections that do not start with a ZeroMQ greeting', async () => {
    const master = await bind(KEY);
    const socket = connect(Number(new URL(master.link.address).port), '127.0.0.1');
    await closing({ close: () => socket.destroy() });
    let closed = false;
    socket.on('error', () => {}).on('close', () => (closed = true));
    socket.resume();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until(() => closed, 'the hang-up');
    await expectHeard(master, await dial(master.link.address, KEY.workerToken));
  });

  test('does not count a worker that reconnects as unauthorized', async () => {
    const master = await bind(KEY);
    for (let n = 0; n < 5; n += 1) {
      const { link } = await dial(master.link.address, KEY.workerToken);
      const before = master.heard.length;
      let sent = false;
      await until(
        () => (sent ||= link.send(WORKER_MESSAGES.hello)) && master.heard.length > before,
        'the hello',
      );
      await link.close();
    }
    await wait(50);
    expect(master.refused).toEqual([]);
  });
});

function greeting(mechanism: string): Buffer {
  const signature = Buffer.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0);
  return Buffer.concat([signature, Buffer.from(mechanism.padEnd(20, '\0')), Buffer.alloc(32)]);
}

async function listen(server: Server): Promise<number> {
  await closing(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
