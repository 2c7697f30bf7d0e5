import { beforeEach, expect, jest, test } from '@jest/globals';
import { Outboxes } from './outboxes.js';

/** Stuck and disconnected peers. */
const full = new Set<string>();
const gone = new Set<string>();
let sent: string[] = [];
const sink = {
  send: ([id, frame]: [Buffer, Uint8Array]): Promise<void> => {
    const peer = id.toString('latin1');
    if (full.has(peer)) return Promise.reject(Object.assign(new Error('full'), { code: 'EAGAIN' }));
    if (gone.has(peer)) return Promise.reject(Object.assign(new Error('gone'), { code: 'EHOSTUNREACH' }));
    sent.push(`${peer} ${Buffer.from(frame).toString()}`);
    return Promise.resolve();
  },
};

beforeEach(() => {
  full.clear();
  gone.clear();
  sent = [];
  jest.useFakeTimers();
});

const push = (outboxes: Outboxes, peer: string, text: string, isUrgent = false): void =>
  outboxes.push(peer, Buffer.from(text), isUrgent);

test('frames are sent in order to a peer that accepts them', async () => {
  const outboxes = new Outboxes(sink);
  push(outboxes, 'w1', 'order');
  push(outboxes, 'w1', 'ack', true);
  push(outboxes, 'w2', 'order');
  await outboxes.flushed();
  expect(sent).toEqual(['w1 order', 'w1 ack', 'w2 order']);
  expect(outboxes.byteLength).toBe(0);
});

test('a stuck peer does not delay others; later it gets urgent frames first, each kind in order', async () => {
  const outboxes = new Outboxes(sink);
  full.add('w1');
  for (const n of [1, 2]) push(outboxes, 'w1', `order ${n}`);
  push(outboxes, 'w1', 'ack 1', true);
  push(outboxes, 'w2', 'order');
  await outboxes.flushed();
  expect(sent).toEqual(['w2 order']);
  // Also while the peer is stuck.
  push(outboxes, 'w1', 'order 3');
  push(outboxes, 'w1', 'ack 2', true);
  await jest.advanceTimersByTimeAsync(50);
  full.clear();
  await jest.advanceTimersByTimeAsync(50);
  expect(sent.slice(1)).toEqual(['w1 ack 1', 'w1 ack 2', 'w1 order 1', 'w1 order 2', 'w1 order 3']);
  expect(outboxes.byteLength).toBe(0);
});

test('frames for a disconnected peer are dropped', async () => {
  const outboxes = new Outboxes(sink);
  gone.add('w1');
  for (let n = 0; n < 10; n += 1) push(outboxes, 'w1', 'order');
  await outboxes.flushed();
  gone.clear();
  push(outboxes, 'w1', 'welcome', true);
  await outboxes.flushed();
  expect(sent).toEqual(['w1 welcome']);
  expect(outboxes.byteLength).toBe(0);
});

test('one long frame may wait, and others up to the limit', async () => {
  const outboxes = new Outboxes(sink);
  full.add('w1');
  outboxes.push('w1', Buffer.alloc(20 * 1024 * 1024), false);
  for (let n = 0; n < 100; n += 1) outboxes.push('w1', Buffer.alloc(1024 * 1024), false);
  await outboxes.flushed();
  expect(outboxes.byteLength).toBeLessThan(21 * 1024 * 1024);
});
