// Which run a master resumes. test/fault/master.test.ts tests the resumed run.
import { symlinkSync, utimesSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { openRunToResume } from '@drumline/master';
import { createRunStore, listRuns, type RunStore, type StoredRun } from '@drumline/master/store';
import { monotonicMs } from '@drumline/wire/monotonic';
import { bootId } from '@drumline/wire';
import { openInterruptedRun } from '../../packages/master/dist/store/resume.js';
import { closeAfterEach } from './support/closing.js';
import { storedRun } from '../support/stored-run.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();
const closing = closeAfterEach();

const IDS = ['11111111-0000-4000-8000-000000000000', '22222222-0000-4000-8000-000000000000'] as const;

async function keep(dataDir: string, fields: Partial<StoredRun>): Promise<RunStore> {
  return await closing(createRunStore(dataDir, storedRun(fields)));
}

/** A run whose master is gone. */
async function leave(dataDir: string, fields: Partial<StoredRun>): Promise<void> {
  await (await keep(dataDir, fields)).close();
}

async function resume(dataDir: string, run?: string): Promise<StoredRun> {
  const { state, store } = await openRunToResume(dataDir, run);
  await store.close();
  return state.run;
}

describe('the same command, run again', () => {
  const { bundle, plan } = storedRun();
  const MINUTE_MS = 60_000;

  /**
   * A run of two minutes, last written some minutes ago by the monotonic clock of the machine and
   * some by the wall clock.
   */
  async function left(agoMinutes: number, wallAgoMinutes: number, boot = bootId()): Promise<string> {
    const dataDir = folder({});
    const startAtMs = monotonicMs() - (agoMinutes + 2) * MINUTE_MS;
    const clock = { startAtMs, bootId: boot, startedAt: new Date().toISOString(), pausedBeforeMs: 0 };
    const store = await keep(dataDir, { clock });
    await store.commit({ users: [[119, 5]] });
    await store.close();
    const writtenAt = new Date(Date.now() - wallAgoMinutes * MINUTE_MS);
    utimesSync(store.path, writtenAt, writtenAt);
    return dataDir;
  }

  async function again(dataDir: string): Promise<{ idleMinutes: number | undefined; said: string[] }> {
    const said: string[] = [];
    const taken = await openInterruptedRun(dataDir, { bundle, plan }, (line) => said.push(line));
    await taken?.store.close();
    return { idleMinutes: taken && Math.round(taken.idleMs / MINUTE_MS), said };
  }

  (bootId() === '' ? test.skip : test).each([0, 11, -11, 600, -600])(
    'resumes the run of a minute ago, even if the wall clock moved by %s minutes',
    async (moved) => {
      expect(await again(await left(1, 1 + moved))).toEqual({ idleMinutes: 1, said: [] });
    },
  );

  test('starts a new run after ten minutes, regardless of the wall clock, and names the old one', async () => {
    const { idleMinutes, said } = await again(await left(11, bootId() === '' ? 11 : 0));
    expect(idleMinutes).toBeUndefined();
    expect(said).toEqual([expect.stringMatching(/interrupted 11m.*--resume abcdef01/)]);
  });

  test.each([
    ['written a minute ago', 1, 1],
    ['written in the future', -600, 0],
  ])('resumes a run from before a reboot that was %s by its file system', async (_, wallAgo, idleMinutes) => {
    expect(await again(await left(0, wallAgo, 'an earlier one'))).toEqual({ idleMinutes, said: [] });
  });

  test('starts a new run if the owner of the last one cannot be checked, and names that run', async () => {
    const dataDir = await left(1, 1);
    const { path } = listRuns(dataDir)[0]!;
    symlinkSync(
      JSON.stringify({ pid: 1, host: 'elsewhere', bootId: '', startedAt: '' }),
      `${path}.owner-1-0`,
    );
    const { idleMinutes, said } = await again(dataDir);
    expect(idleMinutes).toBeUndefined();
    expect(said).toEqual([
      expect.stringMatching(/process 1 on elsewhere, which cannot be checked from here/),
    ]);
  });
});

describe('the resumed run', () => {
  test('is the newest that did not end, or the named one', async () => {
    const dataDir = folder({});
    await leave(dataDir, { runId: IDS[0], createdAt: '2026-01-01T00:00:00.000Z' });
    await leave(dataDir, { runId: IDS[1], createdAt: '2026-01-02T00:00:00.000Z' });
    await leave(dataDir, { state: 'finished', createdAt: '2026-01-03T00:00:00.000Z' });
    expect((await resume(dataDir)).runId).toBe(IDS[1]);
    expect((await resume(dataDir, '1111')).runId).toBe(IDS[0]);
  });

  test('has each time an epoch beyond that of any earlier master', async () => {
    const dataDir = folder({});
    await leave(dataDir, { epoch: 7 });
    const epochs = [(await resume(dataDir)).epoch, (await resume(dataDir)).epoch];
    expect(epochs[0]).toBeGreaterThan(10_000);
    expect(epochs[1]).toBeGreaterThan(epochs[0]! + 10_000);
  });

  test('is never one that is over, whose workers ended with it, or that another master holds', async () => {
    const dataDir = folder({});
    await leave(dataDir, { runId: IDS[0], state: 'aborted' });
    await leave(dataDir, { runId: IDS[1], standalone: true });
    const { runId } = storedRun();
    await keep(dataDir, { runId });
    await expect(resume(dataDir)).rejects.toMatchObject({ exit: 'usage' });
    await expect(resume(dataDir, IDS[0])).rejects.toThrow(/is over: it is aborted/);
    await expect(resume(dataDir, IDS[1])).rejects.toThrow(/drumline run/);
    await expect(resume(dataDir, runId)).rejects.toThrow(/belongs to another master/);
  });

  test('does not keep its file open if it cannot be resumed', async () => {
    const dataDir = folder({});
    await leave(dataDir, { state: 'finished' });
    await expect(resume(dataDir, 'abcdef01')).rejects.toMatchObject({ exit: 'request-invalid' });
    await expect(resume(dataDir, 'abcdef01')).rejects.toThrow(/is over/);
  });
});
