import { describe, expect, test } from '@jest/globals';
import type { Participant } from '../allocation/participant.js';
import { combinedLosses, lossResults } from '../report/losses.js';
import type { Exposure } from './exposure.js';
import { Losses } from './losses.js';

const LIMIT = 500;

function worker(id: string): Participant {
  return {
    id,
    hello: { host: 'box' },
    laneGroups: ['a', 'b'],
    pace: { rate: { most: 3, mean: 2, sample: 40 } },
  } as never;
}

/** A worker that may have run ten users for two more seconds. */
function exposureAt(untilMs: number): Exposure {
  return {
    fromMs: untilMs - 2_000,
    untilMs,
    userSeconds: 20,
    likelyUserSeconds: 10,
    users: 10,
    rate: { most: 3, mean: 2, sample: 40 },
    starts: 7,
  };
}

function lose(losses: Losses, id: string, times: number): void {
  for (let i = 1; i <= times; i++)
    losses.workerLost(worker(id), i * 10_000, 'silent', exposureAt(i * 10_000));
}

describe('a worker that is lost again and again', () => {
  test('has a list of losses that stays bounded, and adds up to the same', () => {
    const losses = new Losses();
    lose(losses, 'w1', LIMIT + 40);
    losses.workerLost(worker('w2'), 1, 'silent', exposureAt(2_000));
    expect(losses.all).toHaveLength(LIMIT + 1);
    const sum = losses.all.reduce((total, { uncounted }) => total + uncounted!.userSeconds, 0);
    expect(sum).toBe(20 * (LIMIT + 41));
    const results = lossResults(losses.all, String, () => undefined);
    expect(results.at(-2)).toMatchObject({ worker: 'w1', reason: 'silent (the last of 41 losses)' });
    const alone = results[0]!.uncountedLikely!;
    expect(results.at(-2)!.uncountedLikely).toBe(41 * alone);
    expect(results.at(-2)!.startsAtMost).toBe(41 * 7);
    expect(combinedLosses(losses.all)).toEqual([
      { code: 'losses-limit', message: expect.stringContaining('40 losses are not listed') },
    ]);
  });

  test('leaves something uncounted until it has caught up', () => {
    const losses = new Losses();
    lose(losses, 'w1', LIMIT + 2);
    const next = new Losses();
    next.restore(losses.all);
    expect(next.leaveDoubt).toBe(true);
    next.caughtUp(worker('w1'));
    // Its starts may be missing or may have happened twice, although all requests are counted.
    expect(next.leaveDoubt).toBe(true);
    expect(next.starts).toBe((LIMIT + 2) * 7);
  });

  test('leaves no doubt once it has caught up, without a rate', () => {
    const losses = new Losses();
    losses.workerLost(worker('w1'), 1_000, 'silent', { ...exposureAt(1_000), starts: 0 });
    expect(losses.leaveDoubt).toBe(true);
    losses.caughtUp(worker('w1'));
    expect(losses.leaveDoubt).toBe(false);
  });

  test('does not hide a lane that lost counts', () => {
    const losses = new Losses();
    const w1 = worker('w1');
    const lost = { countsComplete: false, uncountedMs: 500, users: 3, hasRate: false, starts: 0 };
    for (let i = 0; i <= LIMIT; i++) losses.laneLost(w1, 0, 10_000, 'crashed', lost);
    losses.laneLost(w1, 0, 20_000, 'crashed', { ...lost, countsComplete: true });
    losses.laneReturned(w1, 0);
    expect(losses.all).toHaveLength(LIMIT);
    expect(losses.all.at(-1)).toMatchObject({ times: 3, returned: false, uncounted: { inFlight: 6 } });
    expect(losses.leaveDoubt).toBe(true);
  });
});
