// A master that is killed with kill -9 and started again takes its run up where it was.
import { describe, expect, test } from '@jest/globals';
import { Trial } from '../support/trial.js';

/** Quick to notice, so that the tests need not wait. */
const watchful = ['--heartbeat', '250ms', '--missing-after', '1s'];

describe('a master that is killed and started again', () => {
  test('by its supervisor, takes the run up: every request is counted, and its users were never moved', async () => {
    await using trial = await Trial.start('master killed, restarted at once', {
      masterArgs: [...watchful, '-t', '8s'],
    });
    await trial.underWay();
    await trial.cluster.killMaster();
    trial.cluster.startMasterAgain();
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(result.notes.map(({ code }) => code)).toEqual(['master-resumed']);
    expect(result.timeline.slice(1, 8).map(({ users }) => users)).toEqual(Array(7).fill(10));
    expect(result.connections?.map(({ opened }) => opened)).toEqual([10]);
  });
});
