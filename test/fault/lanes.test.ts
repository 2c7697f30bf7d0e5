// User code that blocks, crashes, exits or uses all memory is reported with reason and stack, and
// the run continues.
import { describe, expect, test } from '@jest/globals';
import type { StatusView } from '@drumline/wire';
import { IS_LONG, longTest } from '../support/conditions.js';
import { eventually } from '../support/drumline.js';
import { Trial } from '../support/trial.js';

const SPINNING = /at spinFor \(.*blocking\.ts:\d+:\d+/;

/** Resolves when the run has such a note. */
async function noted(
  { cluster }: Trial,
  isMeant: (note: StatusView['notes'][number]) => boolean,
): Promise<void> {
  await cluster.until(({ notes }) => notes.some(isMeant));
}

/** Resolves when a lane has crashed and its faulty user has started again. */
async function crashedAndRestarted(trial: Trial): Promise<void> {
  await noted(trial, ({ code }) => code === 'lane-crashed');
  await restarted(trial);
}

/** Resolves when the faulty user has started for the second time. */
async function restarted({ target }: Trial): Promise<void> {
  await eventually(() => ((target.byPath.get('GET /products') ?? 0) >= 2 ? true : undefined));
}

describe('a task that blocks its event loop', () => {
  test('is reported with its lane, duration and stack; no worker goes missing, and its users move to other lanes', async () => {
    await using trial = await Trial.start('user code that loops for 6 s', {
      scenario: 'blocking',
      env: { BLOCK_MS: '6000' },
    });
    const { cluster } = trial;
    await cluster.until(({ users }) => users === 10);
    const missing: number[] = [];
    const suspects: string[] = [];
    const watching = setInterval(() => {
      cluster.status().then(
        ({ workers }) => missing.push(workers.missing),
        () => {},
      );
      cluster.workerViews().then(
        (views) => suspects.push(...views.filter(({ state }) => state === 'missing').map(({ id }) => id)),
        () => {},
      );
    }, 200);
    // The users of the blocked lane move: all ten run again while it is blocked.
    await eventually(async () => {
      const lanes = (await cluster.workerViews()).flatMap((worker) => worker.lanes);
      const stalled = lanes.find(({ stalledMs }) => stalledMs > 3_000);
      const other = lanes.find(({ stalledMs }) => stalledMs === 0);
      return stalled && other?.users === 10 ? true : undefined;
    });
    await noted(trial, ({ message }) => SPINNING.test(message) && !message.includes('so far'));
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    clearInterval(watching);
    expect(missing.every((count) => count === 0)).toBe(true);
    expect(suspects).toEqual([]);
    const { code, message } = result.notes.find((note) => SPINNING.test(note.message))!;
    expect(code).toBe('lane-stalled');
    const [, seconds] = /Lane w[12]\/0 was blocked for (\d+(?:\.\d)?)s/.exec(message)!;
    expect(Number(seconds)).toBeGreaterThanOrEqual(6);
    expect(result.totals.failures).toBe(0);
  });

  longTest('for a minute: no worker goes missing, and the run continues (long)', async () => {
    await using trial = await Trial.start('user code that loops for a minute', {
      scenario: 'blocking',
      env: { BLOCK_MS: '60000' },
      masterArgs: ['-t', '70s'],
    });
    const { cluster } = trial;
    let missing = 0;
    const watching = setInterval(() => {
      cluster.status().then(
        ({ workers }) => (missing = Math.max(missing, workers.missing)),
        () => {},
      );
    }, 200);
    const result = await trial.survives({ exit: 'passed', losses: 'none' });
    clearInterval(watching);
    expect(missing).toBe(0);
    expect(result.notes.find(({ code }) => code === 'lane-stalled')!.message).toMatch(/was blocked for 1m/);
    expect(result.totals.failures).toBe(0);
  });

  test('for longer than the run: the lane is killed, and the report states what may be missing', async () => {
    await using trial = await Trial.start('user code that loops forever', {
      scenario: 'blocking',
      workers: ['w1'],
      env: { BLOCK_MS: '600000' },
      masterArgs: ['--stop-timeout', '1s'],
    });
    await noted(trial, ({ message }) => SPINNING.test(message));
    const { notes } = await trial.survives({ exit: 'worker-lost' });
    expect(notes.map(({ code }) => code)).toContain('reports-missing');
  });
});

describe('tasks without any wait', () => {
  longTest('yield to other users and the lane, whether they throw or return at once (long)', async () => {
    await using trial = await Trial.start('tasks that throw or return at once, forever', {
      scenario: 'eager',
      workers: ['w1'],
    });
    const result = await trial.survives({ exit: 'requests-failed', losses: 'none' });
    expect(result.exceptions).toMatchObject([{ user: 'thrower', message: 'at once' }]);
    expect(result.exceptions[0]!.occurrences).toBeGreaterThan(10);
    expect(result.totals.requests).toBeGreaterThan(10);
    expect(result.notes.map(({ code }) => code)).not.toContain('lane-stalled');
    expect(result.notes.map(({ code }) => code)).not.toContain('lane-crashed');
  });
});

describe('a lane that crashes', () => {
  const TIMER = ['timer', 'user code that throws in a timer', /thrown in a timer/, /crashing\.ts/] as const;

  test.each([
    ['exit', 'user code that calls process.exit', /called process\.exit\(3\)/, /crashing\.ts/],
    ...(IS_LONG ? [TIMER] : []),
  ] as const)('by %s loses nothing and is restarted', async (how, fault, reason, stack) => {
    await using trial = await Trial.start(fault, { scenario: 'crashing', env: { CRASH: how } });
    await crashedAndRestarted(trial);
    const result = await trial.survives({ exit: 'worker-lost', losses: 'none' });
    const note = result.notes.find(({ code }) => code === 'lane-crashed')!;
    expect(note.message).toMatch(reason);
    expect(note.message).toMatch(stack);
    expect(note.message).toContain('All its results are in the report');
    expect(result.reasons?.[0]!.message).toBe(
      'A worker or lane was lost during the run, or counts are incomplete for another reason. The report says which, and whether requests or starts are missing.',
    );
  });

  const LONG_ONES = [
    ['memory', 'a lane’s heap exhausted', /ran out of memory/, ['--lane-heap', '64']],
    ['abort', 'a lane that aborts', /SIGABRT|exit code 134/, []],
  ] as const;

  test.each([['kill', 'kill -9 of a lane', /SIGKILL/, []], ...(IS_LONG ? LONG_ONES : [])] as const)(
    'by %s is reported, and at most its last second is missing',
    async (how, fault, reason, workerArgs) => {
      await using trial = await Trial.start(fault, {
        scenario: 'crashing',
        env: { CRASH: how },
        workerArgs,
      });
      await crashedAndRestarted(trial);
      await trial.share('w1', 'w2');
      const result = await trial.survives({ exit: 'worker-lost' });
      const note = result.notes.find(({ code }) => code === 'lane-crashed')!;
      expect(note.message).toMatch(reason);
      expect(result.notes.map(({ code }) => code)).toContain('reports-missing');
      expect(trial.target.count - result.totals.requests).toBeLessThan(500);
      expect(result.workers.every(({ requests }) => requests > 0)).toBe(true);
    },
  );

  test('with an unhandled promise rejection counts an exception and continues', async () => {
    await using trial = await Trial.start('user code that rejects without a handler', {
      scenario: 'crashing',
      workers: ['w1'],
      env: { CRASH: 'rejection' },
    });
    await restarted(trial);
    const result = await trial.survives({ exit: 'requests-failed', losses: 'none' });
    expect(result.exceptions).toMatchObject([{ message: 'nobody awaits this', occurrences: 1 }]);
  });
});
