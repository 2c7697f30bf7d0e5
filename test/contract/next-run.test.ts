// A worker whose master has another run loads it after the lanes of the old run have ended.
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterEach, expect, jest, test } from '@jest/globals';
import { createMemoryHub, type Prepare, type WorkerMessage } from '@drumline/wire';
import type { WorkerOptions } from '@drumline/worker';
import { startWorker, type WorkerHandle } from '@drumline/worker/testing';
import { thisMachine } from '../../packages/worker/dist/control/machine.js';
import { eventually } from '../support/drumline.js';

const plan: Prepare['plan'] = {
  name: 'next',
  userTypes: [{ name: 'visitor', weight: 1, laneGroup: 'default' }],
  laneGroups: [{ name: 'default', users: 1 }],
  maxSeries: 1_000,
  tags: { include: [], exclude: [] },
  stopTimeoutMs: 0,
};

let worker: WorkerHandle;
afterEach(async () => {
  worker.kill();
  await worker.finished.catch(() => {});
});

const OPTIONS: WorkerOptions = {
  master: 'memory://hub',
  name: 'w1',
  lanes: 1,
  orphanGraceMs: 60_000,
  reconnectForMs: 60_000,
  connectTimeoutMs: null,
  laneHeapMb: null,
  log: () => {},
  print: () => {},
};

test('no lane loads a run while a lane of the previous run remains, even an unresponsive one', async () => {
  const hub = createMemoryHub();
  const printed: string[] = [];
  const lanes: ChildProcess[] = [];
  /** For each order to load, in turn, how many lanes of the previous run still existed. */
  const aliveAtLoad: number[] = [];
  worker = startWorker(
    { ...OPTIONS, print: (line) => printed.push(line) },
    {
      ...thisMachine,
      dial: (_, instance) => hub.dial(instance),
      forkLane: (heapMb) => {
        const earlier = [...lanes];
        const lane = thisMachine.forkLane(heapMb);
        const send = lane.send.bind(lane) as typeof lane.send;
        jest.spyOn(lane, 'send').mockImplementation(((order: { type: string }, done: () => void) => {
          if (order.type === 'load') aliveAtLoad.push(earlier.filter(isThere).length);
          return send(order, done);
        }) as typeof lane.send);
        lanes.push(lane);
        return lane;
      },
    },
  );
  const master = hub.bind();
  const codes = new Map<string, string>();
  const heard: WorkerMessage[] = [];
  let worksFor = '';
  master.listen((peer, message) => {
    heard.push(message);
    if (message.type === 'hello') worksFor = peer;
    if (message.type !== 'artifactRequest') return;
    const { artifactId, offset } = message;
    master.send(peer, {
      type: 'artifactChunk',
      artifactId,
      offset,
      bytes: Buffer.from(codes.get(artifactId)!.slice(offset)),
    });
  });
  const offer = (runId: string, code: string): void => {
    const id = createHash('sha256').update(code).digest('hex');
    codes.set(id, code);
    const terms = { sinceMs: codes.size, workerId: 'w1', heartbeatMs: 100, missingAfterMs: 60_000 };
    master.send(worksFor, { type: 'welcome', runId, ...terms });
    master.send(worksFor, { type: 'prepare', runId, bundle: { id, size: code.length }, plan });
  };

  await eventually(() => worksFor || undefined);
  offer('old', 'import { writeSync } from "node:fs"; writeSync(1, "begun\\n"); for (;;);');
  await eventually(() => printed.includes('w1/0: begun') || undefined);
  offer('next', 'throw new Error("loaded");');
  const prepared = await eventually(() =>
    heard.filter((message) => message.type === 'prepared').find(({ runId }) => runId === 'next'),
  );
  expect(prepared.problem).toContain('loaded');
  expect(aliveAtLoad).toEqual([0, 0]);
});

test('a late welcome of an earlier run does not take the worker back to it', async () => {
  const hub = createMemoryHub();
  worker = startWorker(OPTIONS, { ...thisMachine, dial: (_, instance) => hub.dial(instance) });
  const master = hub.bind();
  const runs: string[] = [];
  let peer = '';
  master.listen((from, message) => {
    peer = from;
    if (message.type === 'heartbeat') runs.push(message.runId);
  });
  await eventually(() => peer || undefined);
  const terms = { workerId: 'w1', heartbeatMs: 50, missingAfterMs: 60_000 };
  const welcomes = Object.entries({ old: 1, next: 3, between: 2 });
  for (const [runId, sinceMs] of welcomes) master.send(peer, { type: 'welcome', runId, sinceMs, ...terms });
  await eventually(() => (runs.length > 5 ? true : undefined));
  expect(runs.slice(0, 2)).toEqual(['old', 'next']);
  expect(new Set(runs.slice(1))).toEqual(new Set(['next']));
});

function isThere({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
