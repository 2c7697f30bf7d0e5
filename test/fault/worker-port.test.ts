// The link process, which holds the worker port, is killed, aborted and frozen during the run.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { longTest } from '../support/conditions.js';
import { eventually, pause } from '../support/drumline.js';
import { codesOf } from '../support/note-codes.js';
import { childrenOf } from '../support/processes.js';
import { Trial } from '../support/trial.js';

/** The link process of a master, other than the previous one. */
async function portProcessOf(master: number, before?: number): Promise<number> {
  return await eventually(() =>
    childrenOf(master).find((pid) => pid !== before && commandOf(pid).includes('link/process/main.js')),
  );
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('the link process of the worker port', () => {
  test('is aborted and killed: workers reconnect, and every request is counted', async () => {
    await using trial = await Trial.start('the link process aborts and is killed', {
      masterArgs: ['--missing-after', '20s'],
    });
    await trial.underWay();
    const first = await portProcessOf(trial.master.pid);
    process.kill(first, 'SIGABRT');
    const second = await portProcessOf(trial.master.pid, first);
    await trial.share('w1', 'w2');
    process.kill(second, 'SIGKILL');
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toEqual(['port-interrupted']);
    const { message } = result.notes.find(({ code }) => code === 'port-interrupted')!;
    expect(message).toMatch(/restarted 2 times/);
    expect(message).toContain('it ended with SIGKILL');
    expect(trial.master.output).toContain('it ended with SIGABRT');
  });

  longTest('is frozen: another one replaces it', async () => {
    await using trial = await Trial.start('the link process freezes', {
      masterArgs: ['-t', '30s', '--missing-after', '20s'],
    });
    await trial.underWay();
    const first = await portProcessOf(trial.master.pid);
    process.kill(first, 'SIGSTOP');
    await portProcessOf(trial.master.pid, first);
    await pause(1_000);
    await trial.share('w1', 'w2');
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    expect(codesOf(result)).toContain('port-interrupted');
  });
});
