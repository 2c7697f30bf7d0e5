import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createMemoryHub, PROTOCOL_VERSION, type MasterMessage, type WorkerMessage } from '@drumline/wire';
import { Cluster, type ClusterListener } from './cluster.js';

const HELLO: WorkerMessage = {
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  version: '0.1.0',
  instance: 'p1',
  name: 'w1',
  host: 'box',
  pid: 7,
  lanes: 2,
  node: 'v20',
  orphanGraceMs: 30_000,
};

let cluster: Cluster;
let received: MasterMessage[];
let send: (message: WorkerMessage) => Promise<void>;

beforeEach(async () => {
  const hub = createMemoryHub();
  cluster = new Cluster(hub.bind(), { heartbeatMs: 1_000, missingAfterMs: 3_000 }, () => {});
  const worker = hub.dial('p1');
  received = [];
  worker.listen((message) => received.push(message));
  send = async (message) => {
    worker.send(message);
    // A frame and its answer take a turn each.
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  };
  await send(HELLO);
});
afterEach(() => cluster.close(null));

/** A run that records what it receives. */
function runOf(runId: string): ClusterListener & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    runId,
    quantiles: { everySeconds: 5, groups: 1 },
    heard,
    joined: () => {},
    returned: () => {},
    lost: () => {},
    forgotten: () => {},
    ended: () => {},
    heartbeat: (_, { epoch }) => heard.push(`heartbeat ${epoch}`),
    message: (_, { type }) => heard.push(type),
    portInterrupted: () => {},
    defect: (type) => heard.push(`defect ${type}`),
  };
}

function heartbeat(runId: string, epoch = 0): WorkerMessage {
  return { type: 'heartbeat', runId, sentAtMs: 0, epoch, cpu: 0, memoryBytes: 0, loopDelayMs: 0, lanes: [] };
}

function drained(runId: string): WorkerMessage {
  return { type: 'drained', runId, killedLanes: [] };
}

/** The runs of all welcomes. */
function welcomes(): { runId: string; sinceMs: number }[] {
  return received.flatMap((one) => (one.type === 'welcome' ? [one] : []));
}

test('welcomes its workers again, in order, when the run changes', async () => {
  const [first, second] = [runOf('r1'), runOf('r2')];
  cluster.attach(first);
  expect(() => cluster.attach(second)).toThrow('run r1 has the workers');
  cluster.detach(second);
  cluster.detach(first);
  cluster.attach(second);
  await send(heartbeat('r2'));
  expect(welcomes().map(({ runId }) => runId)).toEqual(['', 'r1', '', 'r2']);
  const times = welcomes().map(({ sinceMs }) => sinceMs);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

test('repeats the welcome to a worker whose heartbeats name another run, and answers them', async () => {
  cluster.attach(runOf('r1'));
  await send(heartbeat(''));
  expect(welcomes().map(({ runId }) => runId)).toEqual(['', 'r1', 'r1']);
  expect(received.at(-1)!.type).toBe('welcome');
  expect(received.at(-2)!.type).toBe('heartbeatReply');
});

test('passes only messages about a run to it, and does not count others as refused', async () => {
  const [first, second] = [runOf('r1'), runOf('r2')];
  cluster.attach(first);
  await send(drained('r1'));
  cluster.detach(first);
  await send(drained('r1'));
  cluster.attach(second);
  const refused = cluster.refusals.fromNow();
  // Lane 9 does not exist in the second run.
  await send({ type: 'drained', runId: 'r1', killedLanes: [9] });
  await send(heartbeat('r1', 7));
  await send(heartbeat('r2', 1));
  expect([first.heard, second.heard, refused.counts]).toEqual([['drained'], ['heartbeat 1'], {}]);
});

test('counts refusals for each run', async () => {
  const nonsense: WorkerMessage = { type: 'drained', runId: 'r1', killedLanes: [9] };
  cluster.attach(runOf('r1'));
  const first = cluster.refusals.fromNow();
  await send(nonsense);
  await send(nonsense);
  first.end();
  const second = cluster.refusals.fromNow();
  await send(nonsense);
  expect([first.counts, second.counts]).toEqual([{ nonsense: 2 }, { nonsense: 1 }]);
});

test('forgets the health of a worker and whether a result contains it when the run changes', async () => {
  const run = runOf('r1');
  cluster.attach(run);
  await send(heartbeat('r1', 3));
  const [member] = cluster.registry.members;
  member!.isRecorded = true;
  expect(member!.health).toMatchObject({ epoch: 3 });
  cluster.detach(run);
  expect([member!.health, member!.isRecorded]).toEqual([undefined, false]);
});
