import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PROTOCOL_VERSION, type Hello, type MasterMessage } from '@drumline/wire';
import { Registry } from './registry.js';

const HELLO: Hello = {
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  version: '0.1.0',
  instance: 'i1',
  name: 'w1',
  host: 'box',
  pid: 7,
  lanes: 2,
  node: 'v20',
};

let nowMs: number;
let sent: [string, MasterMessage][];
let heard: string[];
let registry: Registry;

beforeEach(() => {
  nowMs = 1_000;
  sent = [];
  heard = [];
  registry = new Registry(
    {
      joined: ({ id }) => heard.push(`joined ${id}`),
      returned: ({ id }) => heard.push(`returned ${id}`),
      lost: ({ id }) => heard.push(`lost ${id}`),
    },
    (peer, message) => sent.push([peer, message]),
    () => nowMs,
    1_000,
    3_000,
  );
});
afterEach(() => registry.close());

/** Lets time pass in steps in which the registry looks, as it does in life. */
async function pass(ms: number, stepMs = 100): Promise<void> {
  for (const endMs = nowMs + ms; nowMs < endMs;) {
    nowMs = Math.min(endMs, nowMs + stepMs);
    registry.look();
  }
}

describe('who joins', () => {
  test('is welcomed, once more if it asks again', () => {
    registry.greet('p1', HELLO, false);
    registry.greet('p1', HELLO, false);
    expect(sent.map(([peer, { type }]) => [peer, type])).toEqual([
      ['p1', 'welcome'],
      ['p1', 'welcome'],
    ]);
    expect(heard).toEqual(['joined w1']);
  });

  test.each([
    ['another protocol', { protocol: 0 }, 'protocol'],
    ['a name that is taken', { instance: 'i2' }, 'name'],
  ])('with %s is refused with a reason', (_, change, reason) => {
    registry.greet('p1', HELLO, false);
    registry.greet('p2', { ...HELLO, ...change }, false);
    expect(sent[1]).toMatchObject(['p2', { type: 'refused', reason }]);
    expect(registry.refused).toBe(1);
    expect(registry.hear('p2')).toBeUndefined();
  });

  test('under the name of one that is missing takes a new place', async () => {
    registry.greet('p1', HELLO, false);
    await pass(3_500);
    registry.greet('p2', { ...HELLO, instance: 'i2' }, false);
    expect(heard).toEqual(['joined w1', 'lost w1', 'joined w1#2']);
  });
});

describe('liveness', () => {
  test('is lost after three seconds of silence, and back with the first word', async () => {
    registry.greet('p1', HELLO, false);
    await pass(2_900);
    expect(heard).toEqual(['joined w1']);
    await pass(200);
    expect(heard).toEqual(['joined w1', 'lost w1']);
    expect(registry.hear('p1')?.machine.state).toBe('idle');
    expect(heard).toEqual(['joined w1', 'lost w1', 'returned w1']);
  });

  test('any word counts as a sign of life', async () => {
    registry.greet('p1', HELLO, false);
    for (let second = 0; second < 10; second += 1) {
      await pass(2_000);
      registry.hear('p1');
    }
    expect(heard).toEqual(['joined w1']);
  });

  test('time in which the master itself stood still is nobody’s silence', async () => {
    registry.greet('p1', HELLO, false);
    await pass(60_000, 60_000);
    expect(heard).toEqual(['joined w1']);
    await pass(3_500);
    expect(heard).toEqual(['joined w1', 'lost w1']);
  });

  test('the longest time between two heartbeats is kept, without what the master itself stood still', async () => {
    registry.greet('p1', HELLO, false);
    const worker = registry.hear('p1')!;
    await pass(1_000);
    registry.beat(worker);
    await pass(1_400);
    registry.hear('p1');
    registry.beat(worker);
    nowMs += 60_000;
    registry.beat(worker);
    await pass(1_000);
    registry.beat(worker);
    expect(worker.longestHeartbeatGapMs).toBe(1_400);
  });
});
