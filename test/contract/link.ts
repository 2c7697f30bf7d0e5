import { afterEach, describe, expect, test } from '@jest/globals';
import type { MasterLink, MasterMessage, WorkerLink, WorkerMessage } from '@drumline/wire';
import { until } from './support/closing.js';
import { MASTER_MESSAGES, WORKER_MESSAGES } from './wire-messages.js';

/** A network for links. */
export interface Network {
  /** Binds the master; after a close, binds again at the same address. */
  bind(): Promise<MasterLink>;
  /** Dials the address, even if no master listens there yet. */
  dial(instance: string): WorkerLink;
  /** Sends the master a frame from an authenticated peer that is not a worker. */
  sendRaw(frame: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A master's link with all received messages. */
interface Master {
  link: MasterLink;
  heard: { peer: string; message: WorkerMessage }[];
}

/** A worker's link with all received messages. */
interface Worker {
  link: WorkerLink;
  heard: MasterMessage[];
}

/** The suite that every pair of links passes. */
export function describeLink(name: string, makeNetwork: () => Network | Promise<Network>): void {
  describe(name, () => {
    const opened: { close(): Promise<void> }[] = [];
    afterEach(async () => {
      while (opened.length > 0) await opened.pop()!.close();
    });

    async function makeBench(): Promise<{
      network: Network;
      bind: () => Promise<Master>;
      dial: (instance: string) => Worker;
    }> {
      const network = await makeNetwork();
      opened.push(network);
      return {
        network,
        async bind() {
          const link = await network.bind();
          opened.push(link);
          const heard: Master['heard'] = [];
          link.listen((peer, message) => heard.push({ peer, message }));
          return { link, heard };
        },
        dial(instance) {
          const link = network.dial(instance);
          opened.push(link);
          const heard: MasterMessage[] = [];
          link.listen((message) => heard.push(message));
          return { link, heard };
        },
      };
    }

    test('carries every message from a worker, in order', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      await introduce(worker, master);
      for (const message of Object.values(WORKER_MESSAGES)) worker.link.send(message);
      await until(() => master.heard.length >= 1 + Object.keys(WORKER_MESSAGES).length, 'the last message');
      expect(master.heard.slice(1).map(({ message }) => message.type)).toEqual(Object.keys(WORKER_MESSAGES));
    });

    test('carries every message from a master, in order', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      const peer = await introduce(worker, master);
      for (const message of Object.values(MASTER_MESSAGES)) master.link.send(peer, message);
      await until(() => worker.heard.length >= Object.keys(MASTER_MESSAGES).length, 'the last message');
      expect(worker.heard.map(({ type }) => type)).toEqual(Object.keys(MASTER_MESSAGES));
    });

    test('loses none of a thousand messages sent at once in both directions', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      const peer = await introduce(worker, master);
      for (let seq = 1; seq <= 1_000; seq += 1) {
        worker.link.send({ ...WORKER_MESSAGES.heartbeat, epoch: seq });
        master.link.send(peer, { type: 'reportAck', runId: 'r1', seq });
      }
      await until(() => worker.heard.length >= 1_000 && master.heard.length >= 1_001, 'the last message');
      const inOrder = Array.from({ length: 1_000 }, (_, index) => index + 1);
      expect(worker.heard.map((message) => (message.type === 'reportAck' ? message.seq : 0))).toEqual(
        inOrder,
      );
      const epochs = master.heard
        .slice(1)
        .map(({ message }) => (message.type === 'heartbeat' ? message.epoch : 0));
      expect(epochs).toEqual(inOrder);
    });

    test('carries a megabyte', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      const peer = await introduce(worker, master);
      const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251);
      master.link.send(peer, { ...MASTER_MESSAGES.artifactChunk, bytes });
      await until(() => worker.heard.length > 0, 'the chunk');
      const [chunk] = worker.heard as [typeof MASTER_MESSAGES.artifactChunk];
      expect(Buffer.compare(chunk.bytes, bytes)).toBe(0);
    });

    test('delivers answers to the right one of many workers', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const workers = Array.from({ length: 20 }, (_, index) => dial(`w${index}`));
      const peers: string[] = [];
      for (const [index, worker] of workers.entries())
        peers.push(await introduce(worker, master, `worker-${index}`));
      expect(new Set(peers).size).toBe(20);
      peers.forEach((peer, index) => master.link.send(peer, { type: 'reportAck', runId: 'r1', seq: index }));
      await until(() => workers.every(({ heard }) => heard.length > 0), 'an answer to everyone');
      expect(workers.map(({ heard }) => heard)).toEqual(
        peers.map((_, seq) => [{ type: 'reportAck', runId: 'r1', seq }]),
      );
    });

    test('accepts a worker that dials before the master starts, without an event until then', async () => {
      const { bind, dial } = await makeBench();
      const worker = dial('w1');
      expect(worker.link.send(WORKER_MESSAGES.heartbeat)).toBe(false);
      const master = await bind();
      await introduce(worker, master);
      expect(master.heard.map(({ message }) => message.type)).toEqual(['hello']);
    });

    test('reconnects when the master returns', async () => {
      const { bind, dial } = await makeBench();
      const first = await bind();
      const worker = dial('w1');
      await introduce(worker, first);
      await first.link.close();
      await until(() => !worker.link.send(WORKER_MESSAGES.heartbeat), 'the end of the connection');

      const second = await bind();
      expect(second.link.address).toBe(first.link.address);
      const peer = await introduce(worker, second);
      second.link.send(peer, MASTER_MESSAGES.welcome);
      await until(() => worker.heard.length > 0, 'the welcome');
      expect(worker.heard).toEqual([MASTER_MESSAGES.welcome]);
    });

    test('reports how long messages have waited while the master did not read', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const workers = Array.from({ length: 5 }, (_, index) => dial(`w${index}`));
      for (const [index, worker] of workers.entries()) await introduce(worker, master, `worker-${index}`);
      await until(() => master.link.unreadForMs === 0, 'a master that has read everything');

      const standstillMs = 300;
      const waited: number[] = [];
      master.heard.push = (...heard) => {
        if (waited.length === 0) sleep(standstillMs);
        waited.push(master.link.unreadForMs);
        return heard.length;
      };
      for (const { link } of workers) link.send(WORKER_MESSAGES.heartbeat);
      await until(() => waited.length === workers.length, 'a message of each');
      // Messages that a worker sent before the stall are still to be read.
      for (const ms of waited.slice(0, -1)) expect(ms).toBeGreaterThan(standstillMs / 2);
      await until(() => master.link.unreadForMs === 0, 'a master that has read everything again');
    });

    test('counts frames that are not messages, drops them, and continues', async () => {
      const { network, bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      const peer = await introduce(worker, master);
      await network.sendRaw(Buffer.of(0xc1));
      await network.sendRaw(Buffer.from('GET / HTTP/1.1'));
      await network.sendRaw(Buffer.alloc(0));
      await until(() => master.link.badFrames >= 3, 'three bad frames');
      worker.link.send(WORKER_MESSAGES.leaving);
      await until(() => master.heard.length > 1, 'the message after them');
      master.link.send(peer, MASTER_MESSAGES.dismiss);
      await until(() => worker.heard.length > 0, 'the answer');
      expect(master.link.badFrames).toBe(3);
      expect(master.heard.map(({ message }) => message.type)).toEqual(['hello', 'leaving']);
    });

    test('drops a message to a closed or unknown peer', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const gone = dial('gone');
      const peer = await introduce(gone, master, 'gone');
      await gone.link.close();
      master.link.send(peer, MASTER_MESSAGES.dismiss);
      master.link.send('never was', MASTER_MESSAGES.dismiss);
      const other = dial('other');
      const otherPeer = await introduce(other, master, 'other');
      master.link.send(otherPeer, MASTER_MESSAGES.welcome);
      await until(() => other.heard.length > 0, 'a message to somebody else');
      expect(other.heard).toEqual([MASTER_MESSAGES.welcome]);
    });

    test('delivers the last messages from a worker, given enough time', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      await introduce(worker, master);
      worker.link.send(WORKER_MESSAGES.goodbye);
      await worker.link.close(2_000);
      await until(() => master.heard.length > 1, 'the goodbye');
      expect(master.heard.at(-1)!.message).toEqual(WORKER_MESSAGES.goodbye);
    });

    test('accepts nothing after it is closed', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      const peer = await introduce(worker, master);
      await worker.link.close();
      expect(worker.link.send(WORKER_MESSAGES.goodbye)).toBe(false);
      await master.link.close();
      expect(() => master.link.send(peer, MASTER_MESSAGES.dismiss)).not.toThrow();
    });

    test('can be closed twice', async () => {
      const { bind, dial } = await makeBench();
      const master = await bind();
      const worker = dial('w1');
      await worker.link.close();
      await worker.link.close();
      await master.link.close();
      await master.link.close();
    });
  });
}

/** Repeats hello until the master receives it, as workers do. */
async function introduce(worker: Worker, master: Master, name = 'worker'): Promise<string> {
  const find = (): Master['heard'][number] | undefined =>
    master.heard.find(({ message }) => message.type === 'hello' && message.name === name);
  let sent = false;
  await until(() => {
    sent ||= worker.link.send({ ...WORKER_MESSAGES.hello, name });
    return find() !== undefined;
  }, `the hello of ${name}`);
  return find()!.peer;
}

/** Blocks this thread. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
