import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Request, Subscriber } from 'zeromq';
import type { TapRecord } from '@drumline/wire';
import { freePort } from '../../../../../test/support/processes.js';
import { intervalsOf } from '../../testing.js';
import { sumOfRecords } from '../testing/sum-of-records.js';
import type { TapOutput } from '../tap-output.js';
import { tapZmq } from './index.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

async function create(url: string, options: Readonly<Record<string, string>> = {}): Promise<TapOutput> {
  const output = (await tapZmq.create({ name: 'tap-zmq', url, options })) as TapOutput;
  cleanups.push(() => output.close());
  return output;
}

const address = async (): Promise<string> => `tcp://127.0.0.1:${await freePort()}`;
const { signal } = new AbortController();

/** A program that subscribes to topics. */
class Reader {
  readonly records: TapRecord[] = [];
  readonly topics = new Set<string>();
  private readonly socket = new Subscriber();

  constructor(url: string, ...topics: string[]) {
    this.socket.connect(url);
    this.socket.subscribe(...topics);
    cleanups.push(() => this.socket.close());
    void this.read();
  }

  async has(count: number): Promise<void> {
    while (this.records.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private async read(): Promise<void> {
    for await (const [topic, json] of this.socket) {
      this.topics.add(topic!.toString());
      this.records.push(JSON.parse(json!.toString()) as TapRecord);
    }
  }
}

async function ask(url: string, request: unknown): Promise<object[]> {
  const socket = new Request({ receiveTimeout: 10_000 });
  cleanups.push(() => socket.close());
  socket.connect(url);
  await socket.send(JSON.stringify(request));
  return (await socket.receive()).map((frame) => JSON.parse(frame.toString()) as object);
}

describe('a tap over ZeroMQ', () => {
  test('publishes records by topic, and replays those that a reader has missed', async () => {
    const [url, replay] = [await address(), await address()];
    const { run, events, sums } = intervalsOf(3, { seconds: 15 });
    const output = await create(url, { replay });
    await output.check();
    await output.open(run);
    const all = new Reader(url, 'second', 'detail', 'end');
    const ends = new Reader(url, 'end');
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const event of events) {
      const batch =
        event.type === 'closed' ? output.interval(event, 1) : output.correction(event as never, 1);
      if (batch) await output.send(batch, signal);
    }
    const end = output.end({})!;
    await output.send(end, signal);
    await Promise.all([all.has(18), ends.has(1)]);
    expect(all.records.map(({ seq }) => seq)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    expect([...all.topics].sort()).toEqual(['detail', 'end', 'second']);
    expect(ends.records).toEqual([all.records.at(-1)]);
    const { requests, failures } = sums.totals;
    expect(sumOfRecords(all.records)).toEqual({ requests, failures });

    const head = { run: run.runId, newest: 18 };
    expect(await ask(replay, { after: 15 })).toEqual([head, ...all.records.slice(15)]);
    expect(await ask(replay, { after: 400, run: 'another', types: ['detail'] })).toEqual([
      head,
      all.records[10],
      all.records[16],
    ]);
    expect(await ask(replay, { after: 'x' })).toEqual([
      { type: 'problem', message: 'after must be the seq of a record, or 0.' },
    ]);
  });

  test('refuses an address in use, and one that other machines reach', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const { port } = server.address() as { port: number };
    const output = await create(`tcp://127.0.0.1:${port}`);
    await expect(output.check()).rejects.toThrow(`cannot listen at tcp://127.0.0.1:${port}`);

    for (const [url, problem] of [
      ['tcp://0.0.0.0:5560', 'can be reached from other machines'],
      ['tcp://*:5560', 'can be reached from other machines'],
      ['localhost:5560', 'must be tcp://HOST:PORT or ipc://PATH'],
      ['tcp://127.0.0.1:65536', 'must be tcp://HOST:PORT or ipc://PATH'],
    ] as const)
      await expect(create(url)).rejects.toThrow(problem);
    await expect(create('tcp://127.0.0.1:1', { replay: 'tcp://10.0.0.1:2' })).rejects.toThrow(
      'other machines',
    );
    await expect(create('tcp://0.0.0.0:5560', { exposed: 'true' })).resolves.toBeDefined();
  });
});
