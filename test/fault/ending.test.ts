// SIGTERM to all processes of a run in any order, as sent by service managers and container
// engines.
import { expect, test } from '@jest/globals';
import { pause } from '../support/drumline.js';
import { IS_LONG } from '../support/conditions.js';
import { familyOf, signalAll } from '../support/processes.js';
import { Trial } from '../support/trial.js';

/** Orders to try. Each seed gives another order and other pauses between the signals. */
const SEEDS = IS_LONG ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1];

/** A linear congruential generator (Numerical Recipes), for reproducible orders. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

test.each(SEEDS)(
  'SIGTERM to all processes, in random order %i, ends them gracefully and loses nothing',
  async (seed) => {
    const random = randomFrom(seed);
    await using trial = await Trial.start(`SIGTERM to everything, random order ${seed}`);
    await trial.underWay();
    const pids = [trial.master, trial.worker(0), trial.worker(1)].flatMap(({ pid }) => familyOf(pid));
    for (const pid of shuffled(pids, random)) {
      signalAll([pid], 'SIGTERM');
      await pause(random() < 0.5 ? 0 : random() * 300);
    }
    await trial.survives({ exit: 'interrupted', losses: 'none', workersToldToLeave: true });
    expect(trial.master.output).not.toMatch(/^\s+at .*node:internal/m);
  },
);
