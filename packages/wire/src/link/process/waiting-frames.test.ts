import { describe, expect, test } from '@jest/globals';
import { WaitingFrames, type WaitingLimits } from './waiting-frames.js';

const LIMITS: WaitingLimits = {
  workerBytes: 4_000,
  workerFrames: 10,
  strangerBytes: 2_000,
  strangerFrames: 5,
  bytes: 20_000,
  frames: 30,
};

function waiting(): WaitingFrames {
  return new WaitingFrames((peer) => peer.startsWith('w'), LIMITS);
}

function takeAll(frames: WaitingFrames): string[] {
  const taken: string[] = [];
  for (let next = frames.take(); next; next = frames.take()) {
    taken.push('mark' in next ? 'mark' : `${next.peer} ${Buffer.from(next.frame).toString()}`);
  }
  return taken;
}

const frame = (text: string): Buffer => Buffer.from(text);

test('peers take turns, one frame each, and their frames stay in order', () => {
  const frames = waiting();
  for (const text of ['1', '2', '3']) frames.add('w1', frame(text), false);
  frames.add('w2', frame('1'), false);
  expect(takeAll(frames)).toEqual(['w1 1', 'w2 1', 'w1 2', 'w1 3']);
  expect(frames.isEmpty).toBe(true);
  expect(frames.byteLength).toBe(0);
});

test('urgent frames are taken first, in order', () => {
  const frames = waiting();
  frames.add('w1', frame('report'), false);
  for (let n = 1; n <= 6; n += 1) frames.add('w1', frame(`beat ${n}`), true);
  frames.add('w2', frame('beat'), true);
  expect(takeAll(frames)).toEqual([
    ...[1, 2, 3, 4].map((n) => `w1 beat ${n}`),
    'w2 beat',
    'w1 report',
    'w1 beat 5',
    'w1 beat 6',
  ]);
});

test('a peer with endless urgent frames does not delay others', () => {
  const frames = waiting();
  frames.add('w2', frame('report'), false);
  const taken: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    frames.add('w1', frame('beat'), true);
    const next = frames.take()!;
    if (!('mark' in next)) taken.push(next.peer);
  }
  expect(taken).toContain('w2');
});

test('a mark is taken after a frame of every waiting peer', () => {
  const frames = waiting();
  for (const peer of ['w1', 'w2', 'w3']) {
    frames.add(peer, frame('1'), false);
    frames.add(peer, frame('2'), false);
  }
  frames.mark(Buffer.alloc(4));
  frames.add('w4', frame('beat'), true);
  const taken = takeAll(frames);
  const before = taken.slice(0, taken.indexOf('mark'));
  expect(new Set(before.map((text) => text.split(' ')[0]))).toEqual(new Set(['w1', 'w2', 'w3', 'w4']));
});

describe('beyond its limit', () => {
  const count = (frames: WaitingFrames, peer: string, bytes: number): number => {
    let added = 0;
    while (added < 100 && frames.add(peer, Buffer.alloc(bytes), false)) added += 1;
    return added;
  };

  test.each([
    ['a worker', 'w1', LIMITS.workerFrames],
    ['a peer that has not joined', 's1', LIMITS.strangerFrames],
  ])('%s has frames dropped, and others have not', (_, peer, limit) => {
    const frames = waiting();
    expect(count(frames, peer, 1)).toBe(limit);
    expect(frames.add('w9', frame('1'), false)).toBe(true);
    frames.take();
    expect(frames.add(peer, frame('1'), false)).toBe(true);
  });

  test('bytes are limited like frames', () => {
    expect(count(waiting(), 'w1', 1_000)).toBe(3);
    expect(count(waiting(), 's1', 1_000)).toBe(1);
  });

  test('all peers together are limited, too', () => {
    const frames = waiting();
    for (let n = 0; n < 10; n += 1) count(frames, `w${n}`, 1);
    expect(takeAll(frames)).toHaveLength(LIMITS.frames);
  });
});
