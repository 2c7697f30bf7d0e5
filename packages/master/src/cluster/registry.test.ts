import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PROTOCOL_VERSION, type Hello, type MasterMessage } from '@drumline/wire';
import type { Member } from './member.js';
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
  orphanGraceMs: 30_000,
};

let nowMs: number;
let unreadForMs: number;
let sent: [string, MasterMessage][];
let log: string[];
let registry: Registry;

beforeEach(() => {
  nowMs = 1_000;
  unreadForMs = 0;
  sent = [];
  log = [];
  registry = new Registry(
    {
      joined: (member) => {
        registry.welcome(member);
        log.push(`joined ${member.id}`);
      },
      returned: ({ id }) => log.push(`returned ${id}`),
      lost: ({ id }) => log.push(`lost ${id}`),
      forgotten: () => {},
      refused: (kind) => log.push(`refused ${kind}`),
    },
    (peer, message) => sent.push([peer, message]),
    () => nowMs,
    () => unreadForMs,
    { heartbeatMs: 1_000, missingAfterMs: 3_000 },
  );
});
afterEach(() => registry.close());

/** A worker sends something. */
function seen(peer: string): Member {
  const member = registry.find(peer)!;
  registry.markSeen(member);
  return member;
}

/** Advances the clock in steps, with a liveness check in each, as in production. */
async function pass(ms: number, stepMs = 100): Promise<void> {
  for (const endMs = nowMs + ms; nowMs < endMs;) {
    nowMs = Math.min(endMs, nowMs + stepMs);
    registry.checkLiveness();
  }
}

describe('a worker that joins', () => {
  test('is welcomed, and again if it repeats its hello', () => {
    registry.greet('p1', HELLO, false);
    registry.greet('p1', HELLO, false);
    expect(sent.map(([peer, { type }]) => [peer, type])).toEqual([
      ['p1', 'welcome'],
      ['p1', 'welcome'],
    ]);
    expect(log).toEqual(['joined w1']);
  });

  test('with another protocol version is refused with a reason', () => {
    registry.greet('p2', { ...HELLO, protocol: 0 }, false);
    expect(sent).toMatchObject([['p2', { type: 'refused', reason: 'protocol' }]]);
    expect(registry.refused).toBe(1);
    expect(registry.find('p2')).toBeUndefined();
  });

  test('under a name in use is refused once the holder sends anything, and so is the next one', () => {
    registry.greet('p1', HELLO, false);
    for (const peer of ['p2', 'p3']) {
      registry.greet(peer, { ...HELLO, instance: peer }, false);
      expect(registry.refused).toBe(peer === 'p2' ? 0 : 1);
      seen('p1');
      registry.greet(peer, { ...HELLO, instance: peer }, false);
      expect(sent.at(-1)).toMatchObject([peer, { type: 'refused', reason: 'name' }]);
      expect(registry.find(peer)).toBeUndefined();
    }
    expect(log).toEqual(['joined w1', 'refused name', 'refused name']);
  });

  test('under the name of a killed worker waits until that one is missing, then gets a new id', async () => {
    registry.greet('p1', HELLO, false);
    await pass(1_000);
    for (let greeting = 0; greeting < 12; greeting += 1) {
      registry.greet('p2', { ...HELLO, instance: 'i2' }, false);
      await pass(250);
    }
    expect(registry.refused).toBe(0);
    expect(log).toEqual(['joined w1', 'lost w1', 'joined w1#2']);
  });

  test('under the name of a missing worker gets a new id', async () => {
    registry.greet('p1', HELLO, false);
    await pass(3_500);
    registry.greet('p2', { ...HELLO, instance: 'i2' }, false);
    expect(log).toEqual(['joined w1', 'lost w1', 'joined w1#2']);
  });
});

describe('a master that cannot keep up', () => {
  test('declares no worker missing while its messages may wait to be read', async () => {
    registry.greet('p1', HELLO, false);
    for (; unreadForMs < 60_000; unreadForMs += 100) await pass(100);
    expect(log).toEqual(['joined w1']);
  });

  test('declares a silent worker missing once all received messages are read', async () => {
    registry.greet('p1', HELLO, false);
    registry.greet('p2', { ...HELLO, name: 'w2' }, false);
    for (; unreadForMs < 10_000; unreadForMs += 100) await pass(100);
    seen('p2');
    unreadForMs = 0;
    await pass(100);
    expect(log).toEqual(['joined w1', 'joined w2', 'lost w1']);
  });

  test('finds the silent worker among many busy ones', async () => {
    registry.greet('p1', HELLO, false);
    unreadForMs = 2_000;
    await pass(5_100);
    expect(log).toEqual(['joined w1', 'lost w1']);
  });
});

describe('a limit', () => {
  const greetCrowd = (): void => {
    for (let n = 0; n < 10_000; n += 1) registry.greet(`p${n}`, { ...HELLO, name: `w${n}`, lanes: 1 }, false);
  };

  test('of ten thousand workers applies: later ones are refused', () => {
    greetCrowd();
    registry.greet('late', { ...HELLO, name: 'late' }, false);
    expect(registry.members).toHaveLength(10_000);
    expect(sent.at(-1)).toMatchObject(['late', { type: 'refused', reason: 'full' }]);
    expect(log.at(-1)).toBe('refused full');
  });

  test('is not used up by workers that left and are part of no result', async () => {
    greetCrowd();
    await pass(3_500);
    registry.greet('late', { ...HELLO, name: 'late' }, false);
    expect(sent.at(-1)).toMatchObject(['late', { type: 'welcome' }]);
    expect(registry.members.map(({ id }) => id)).toEqual(['late']);
  });

  test('is not used up by workers that left and are part of a result', async () => {
    greetCrowd();
    for (const worker of registry.members) worker.isRecorded = true;
    await pass(3_500);
    registry.greet('late', { ...HELLO, name: 'late' }, false);
    expect(sent.at(-1)).toMatchObject(['late', { type: 'welcome' }]);
    expect(registry.members).toHaveLength(10_001);
  });

  test('applies to remembered workers that are gone, except those that are part of a result', async () => {
    registry.greet('busy', { ...HELLO, name: 'busy' }, false);
    registry.members[0]!.isRecorded = true;
    const greet = (from: number, to: number): void => {
      for (let n = from; n < to; n += 1)
        registry.greet(`p${n}`, { ...HELLO, name: `w${n}`, lanes: 1 }, false);
    };
    greet(0, 1_000);
    await pass(3_500);
    expect(registry.members.filter(({ presence }) => presence.state === 'missing')).toHaveLength(1_001);
    greet(1_000, 1_001);
    await pass(3_500);
    expect(registry.members.map(({ id }) => id)).toEqual(['busy']);
    expect(registry.knows('p1')).toBe(false);
  });

  test('is not used up by workers that left and were part of the result of an earlier run', async () => {
    greetCrowd();
    for (const worker of registry.members) worker.isRecorded = true;
    await pass(3_500);
    for (const worker of registry.members) registry.beginTurn(worker, 'r2');
    registry.greet('late', { ...HELLO, name: 'late' }, false);
    registry.checkLiveness();
    expect(registry.members.map(({ id }) => id)).toEqual(['late']);
  });

  test('of lanes applies to fewer workers as well', () => {
    for (let n = 0; n < 30; n += 1) registry.greet(`p${n}`, { ...HELLO, name: `w${n}`, lanes: 4_096 }, false);
    expect(registry.members).toHaveLength(24);
  });
});

describe('liveness', () => {
  test('ends after three seconds of silence and returns with the first message', async () => {
    registry.greet('p1', HELLO, false);
    await pass(2_900);
    expect(log).toEqual(['joined w1']);
    await pass(200);
    expect(log).toEqual(['joined w1', 'lost w1']);
    const member = seen('p1');
    expect(member.presence.state).toBe('present');
    expect(log).toEqual(['joined w1', 'lost w1', 'returned w1']);
  });

  test('any message counts as a sign of life', async () => {
    registry.greet('p1', HELLO, false);
    for (let second = 0; second < 10; second += 1) {
      await pass(2_000);
      seen('p1');
    }
    expect(log).toEqual(['joined w1']);
  });

  test('a stall of the master does not count as silence', async () => {
    registry.greet('p1', HELLO, false);
    await pass(60_000, 60_000);
    expect(log).toEqual(['joined w1']);
    await pass(3_500);
    expect(log).toEqual(['joined w1', 'lost w1']);
  });

  test('the time between two heartbeats does not include a stall of the master', async () => {
    registry.greet('p1', HELLO, false);
    const member = seen('p1');
    await pass(1_000);
    expect(registry.beat(member)).toBe(1_000);
    await pass(1_400);
    seen('p1');
    expect(registry.beat(member)).toBe(1_400);
    nowMs += 60_000;
    expect(registry.beat(member)).toBeLessThan(1_000);
    await pass(1_000);
    expect(registry.beat(member)).toBe(1_000);
  });
});
