import { describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IntervalEvent } from '@drumline/stats';
import { IntervalStream } from './interval-stream.js';

function closed(second: number): IntervalEvent {
  const counts = { second, series: [], checks: [], metrics: [], exceptions: [] };
  const state = {
    users: 0,
    plannedUsers: 0,
    cutOffUsers: 0,
    workers: { present: 0, missing: 0 },
    busiestLane: 0,
  };
  return { type: 'closed', number: second + 1, second, counts, state, completeThrough: second };
}

function openStream() {
  const problems: string[] = [];
  const stream = new IntervalStream((name, problem) => problems.push(`${name}: ${problem}`));
  const emit = (from: number, to: number): void => {
    for (let second = from; second < to; second += 1) stream.emit(closed(second));
  };
  return { stream, problems, emit };
}

describe('a subscriber', () => {
  test('receives every event in order, after the turn that emitted it', async () => {
    const { stream, emit } = openStream();
    const seen: number[] = [];
    stream.subscribe('reader', (event) => void seen.push('number' in event ? event.number : 0));
    emit(0, 3);
    expect(seen).toEqual([]);
    await nextTurn();
    expect(seen).toEqual([1, 2, 3]);
  });

  test('that is slow loses its oldest events, and no other subscriber loses any', async () => {
    const { stream, problems, emit } = openStream();
    const seen: number[] = [];
    const slow: number[] = [];
    let finish = (): void => {};
    const subscription = stream.subscribe(
      'slow',
      async (event) => {
        slow.push('number' in event ? event.number : 0);
        await new Promise<void>((resolve) => (finish = resolve));
      },
      2,
    );
    stream.subscribe('quick', (event) => void seen.push('number' in event ? event.number : 0));
    emit(0, 1);
    await nextTurn();
    emit(1, 5);
    await nextTurn();
    expect([slow, seen]).toEqual([[1], [1, 2, 3, 4, 5]]);
    expect(subscription.lost).toBe(2);
    expect(problems.at(-1)).toBe('slow: it is too slow and has lost 2 events');
    finish();
    await nextTurn();
    expect(slow).toEqual([1, 4]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('that %s is reported and receives the next event', async (_, fail) => {
    const { stream, problems, emit } = openStream();
    let received = 0;
    stream.subscribe('broken', () => {
      received += 1;
      return fail();
    });
    emit(0, 2);
    await nextTurn();
    await nextTurn();
    expect([received, problems]).toEqual([2, ['broken: disk full', 'broken: disk full']]);
  });

  test('receives nothing after it has ended its subscription', async () => {
    const { stream, emit } = openStream();
    const seen: IntervalEvent[] = [];
    const subscription = stream.subscribe('reader', (event) => void seen.push(event));
    emit(0, 1);
    subscription.close();
    emit(1, 2);
    await nextTurn();
    expect(seen).toEqual([]);
  });
});

test('a flush delivers what waits at once', () => {
  const { stream, emit } = openStream();
  const seen: IntervalEvent[] = [];
  stream.subscribe('reader', (event) => void seen.push(event));
  emit(0, 2);
  stream.flush();
  expect(seen).toHaveLength(2);
});
