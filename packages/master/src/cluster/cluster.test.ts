import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createMemoryHub,
  PROTOCOL_VERSION,
  type MasterMessage,
  type Heartbeat,
  type Hello,
  type MasterLink,
  type MemoryHub,
  type PortPolicy,
  type WorkerMessage,
} from '@drumline/wire';
import { Cluster } from './cluster.js';
import type { ClusterListener } from './listener.js';

const HELLO: Hello = {
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

let hub: MemoryHub;
let cluster: Cluster;
let received: MasterMessage[];
let send: (message: WorkerMessage) => Promise<void>;

beforeEach(async () => {
  hub = createMemoryHub();
  cluster = new Cluster(hub.bind(), { heartbeatMs: 1_000, missingAfterMs: 3_000 }, () => {});
  ({ received, send } = await join('w1'));
});
afterEach(() => cluster.close(null));

/** A worker that has joined, and the messages that it receives. */
async function join(
  name: string,
): Promise<{ readonly received: MasterMessage[]; readonly send: (message: WorkerMessage) => Promise<void> }> {
  const worker = hub.dial(name);
  const messages: MasterMessage[] = [];
  worker.listen((message) => messages.push(message));
  const sendOne = async (message: WorkerMessage): Promise<void> => {
    worker.send(message);
    // A frame and its answer take a turn each.
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  };
  await sendOne({ ...HELLO, instance: name, name });
  return { received: messages, send: sendOne };
}

/** A run that records what it receives. */
function runOf(runId: string): ClusterListener & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    runId,
    quantiles: { everySeconds: 5, groups: 1 },
    heard,
    joined: ({ id }) => heard.push(`joined ${id}`),
    returned: () => {},
    lost: () => {},
    forgotten: () => {},
    ended: ({ id }) => heard.push(`ended ${id}`),
    heartbeat: (_, { epoch }) => heard.push(`heartbeat ${epoch}`),
    message: (_, { type }) => heard.push(type),
    portInterrupted: () => heard.push('port'),
    defect: (type) => heard.push(`defect ${type}`),
  };
}

function heartbeat(runId: string, epoch = 0): Heartbeat {
  return { type: 'heartbeat', runId, sentAtMs: 0, epoch, cpu: 0, memoryBytes: 0, loopDelayMs: 0, lanes: [] };
}

function drained(runId: string): WorkerMessage {
  return { type: 'drained', runId, killedLanes: [] };
}

/** The runs of all welcomes. */
function welcomes(messages = received): { runId: string; sinceMs: number }[] {
  return messages.flatMap((one) => (one.type === 'welcome' ? [one] : []));
}

test('welcomes its workers again, in order, when the run changes', async () => {
  const [first, second] = [runOf('r1'), runOf('r2')];
  cluster.attach(first);
  expect(() => cluster.attach(first)).toThrow('run r1 is attached already');
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
  const refused = cluster.refusals.fromNow('r1');
  // Lane 9 does not exist in the second run.
  await send({ type: 'drained', runId: 'r1', killedLanes: [9] });
  await send(heartbeat('r1', 7));
  await send(heartbeat('r2', 1));
  expect([first.heard, second.heard, refused.counts]).toEqual([
    ['joined w1', 'drained'],
    ['joined w1', 'heartbeat 1'],
    {},
  ]);
});

test('counts refusals for each run', async () => {
  const nonsense: WorkerMessage = { type: 'drained', runId: 'r1', killedLanes: [9] };
  cluster.attach(runOf('r1'));
  const first = cluster.refusals.fromNow('r1');
  await send(nonsense);
  await send(nonsense);
  first.end();
  const second = cluster.refusals.fromNow('r1');
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

describe('with two runs', () => {
  test('each gets its own workers and their messages only, and a worker learns its own run', async () => {
    const other = await join('w2');
    const [first, second] = [runOf('r1'), runOf('r2')];
    cluster.attach(first, 1);
    cluster.attach(second, 1);
    await send(heartbeat('r1', 1));
    await other.send(heartbeat('r2', 2));
    // It names a run that another worker is in.
    await other.send(drained('r1'));
    expect(first.heard).toEqual(['joined w1', 'heartbeat 1']);
    expect(second.heard).toEqual(['joined w2', 'heartbeat 2']);
    expect(welcomes().map(({ runId }) => runId)).toEqual(['', 'r1']);
    expect(welcomes(other.received).map(({ runId }) => runId)).toEqual(['', 'r2']);
    cluster.detach(first);
    await nextTurn();
    expect(welcomes(other.received)).toHaveLength(2);
    expect(cluster.idle).toBe(1);
  });

  test('a run waits while another one has all workers, with the reason, and gets them when it ends', async () => {
    const [first, second] = [runOf('11111111-1'), runOf('22222222-2')];
    let changes = 0;
    const unfollow = cluster.follow(() => (changes += 1));
    cluster.attach(first);
    cluster.attach(second, 2);
    await join('w2');
    expect(cluster.waiting).toEqual([
      {
        runId: second.runId,
        wants: 2,
        why: 'it wants 2 workers, and 0 are free: run 11111111 has 2',
        holders: [{ runId: first.runId, workers: 2 }],
      },
    ]);
    expect([second.heard, changes > 0]).toEqual([[], true]);
    cluster.detach(first);
    unfollow();
    changes = 0;
    await nextTurn();
    expect([second.heard, cluster.waiting]).toEqual([['joined w1', 'joined w2'], []]);
    // Directly from run to run.
    expect(welcomes().map(({ runId }) => runId)).toEqual(['', first.runId, second.runId]);
    cluster.detach(second);
    expect(changes).toBe(0);
  });

  test('a run that wants a number gets another worker for one that has left; one that ends gets none', async () => {
    const run = runOf('r1');
    cluster.attach(run, 1);
    await join('w2');
    await send({ type: 'goodbye', reason: 'told to', complete: true });
    expect(run.heard).toEqual(['joined w1', 'ended w1', 'joined w2']);
    cluster.takeNoMore('r1');
    const [w2] = cluster.registry.present;
    cluster.dismiss(w2!, 'it leaves');
    await join('w3');
    expect([run.heard.length, cluster.idle]).toEqual([3, 1]);
  });

  test('refused messages of a worker count for its own run, those of strangers for both', async () => {
    const other = await join('w2');
    cluster.attach(runOf('r1'), 1);
    cluster.attach(runOf('r2'), 1);
    const [first, second] = [cluster.refusals.fromNow('r1'), cluster.refusals.fromNow('r2')];
    await send({ type: 'drained', runId: 'r1', killedLanes: [9] });
    await other.send({ type: 'drained', runId: 'r2', killedLanes: [0, 1, 9] });
    await other.send({ type: 'drained', runId: 'r2', killedLanes: [9] });
    const stranger = hub.dial('stranger');
    stranger.send(heartbeat('r1'));
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
    expect([first.counts, second.counts]).toEqual([
      { nonsense: 1, stranger: 1 },
      { nonsense: 2, stranger: 1 },
    ]);
  });

  test('restored workers belong to the run that had them, and are not replaced until they are given up', async () => {
    const { peer, hello } = cluster.registry.members[0]!;
    const [first, second] = [runOf('r1'), runOf('r2')];
    const [w8, w9] = ['w8', 'w9'].map((id) => ({ id, peer: `${id} of r1`, hello: { ...hello, name: id } }));
    cluster.restore(first, w8!, 'present');
    cluster.restore(second, w9!, 'present');
    cluster.attach(first, 1);
    cluster.attach(second, 1);
    expect([cluster.idle, cluster.waiting]).toEqual([1, []]);
    const worker = hub.dial(w8!.peer);
    worker.send(heartbeat('r1', 4));
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
    expect(first.heard).toEqual(['heartbeat 4']);
    cluster.giveUp(cluster.registry.find(w9!.peer)!);
    expect([second.heard, cluster.registry.find(peer)!.turn.runId]).toEqual([['joined w1'], 'r2']);
  });

  test('an interruption of the worker port is told to both', async () => {
    const link = createMemoryHub().bind();
    let policy: PortPolicy | undefined;
    const listen: MasterLink['listen'] = (onMessage, given) => {
      policy = given;
      link.listen(onMessage, given);
    };
    const shared = new Cluster({ ...link, listen }, { heartbeatMs: 1_000, missingAfterMs: 3_000 }, () => {});
    const runs = [runOf('r1'), runOf('r2')];
    for (const run of runs) shared.attach(run, 1);
    policy!.interrupted!({ why: 'it ended', count: 1, delayMs: 0 });
    expect(runs.map(({ heard }) => heard)).toEqual([['port'], ['port']]);
    await shared.close(null);
  });

  test('a worker that names its run in its hello goes back to that run, whatever the run wants', async () => {
    const [first, second] = [runOf('r1'), runOf('r2')];
    cluster.attach(first, 1);
    cluster.attach(second);
    const worker = hub.dial('w2');
    worker.send({ ...HELLO, instance: 'w2', name: 'w2', runId: 'r1' });
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
    expect([first.heard, second.heard]).toEqual([['joined w1', 'joined w2'], []]);
  });

  test('a worker that cannot take part in one run goes to the next, and to that run never again', async () => {
    const link = createMemoryHub();
    const terms = { heartbeatMs: 1_000, missingAfterMs: 3_000, keepsExcluded: true };
    const shared = new Cluster(link.bind(), terms, () => {});
    hub = link;
    const worker = await join('w1');
    const [first, second] = [runOf('r1'), runOf('r2')];
    shared.attach(first);
    shared.attach(second);
    const refusal = { type: 'refused', reason: 'scenario', message: 'no package', hint: '' } as const;
    expect(shared.exclude(shared.registry.members[0]!, refusal)).toBe(true);
    await nextTurn();
    expect([first.heard, second.heard]).toEqual([['joined w1'], ['joined w1']]);
    expect(welcomes(worker.received).map(({ runId }) => runId)).toEqual(['', 'r1', 'r2']);
    shared.detach(second);
    await nextTurn();
    expect(shared.idle).toBe(1);
    expect(worker.received.at(-1)).toMatchObject({ type: 'welcome', runId: '' });
    await shared.close(null);
  });

  test('idle workers whose earlier processes have ended are given first', async () => {
    const other = await join('w2');
    await send({ ...heartbeat(''), isEnding: true });
    await other.send(heartbeat(''));
    const run = runOf('r1');
    cluster.attach(run, 1);
    expect(run.heard).toEqual(['joined w2']);
  });
});
