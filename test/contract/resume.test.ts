// Which run a master takes up that is told to: test/fault/master.test.ts has what becomes of it.
import { describe, expect, test } from '@jest/globals';
import { openRunToResume } from '@drumline/master';
import { createRunStore, type RunStore, type StoredRun } from '@drumline/master/store';
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

describe('the run that is taken up', () => {
  test('is the newest that did not end, or the one that is named', async () => {
    const dataDir = folder({});
    await leave(dataDir, { runId: IDS[0], createdAt: '2026-01-01T00:00:00.000Z' });
    await leave(dataDir, { runId: IDS[1], createdAt: '2026-01-02T00:00:00.000Z' });
    await leave(dataDir, { state: 'finished', createdAt: '2026-01-03T00:00:00.000Z' });
    expect((await resume(dataDir)).runId).toBe(IDS[1]);
    expect((await resume(dataDir, '1111')).runId).toBe(IDS[0]);
  });

  test('has an epoch that no master before can have come to, each time', async () => {
    const dataDir = folder({});
    await leave(dataDir, { epoch: 7 });
    const epochs = [(await resume(dataDir)).epoch, (await resume(dataDir)).epoch];
    expect(epochs[0]).toBeGreaterThan(10_000);
    expect(epochs[1]).toBeGreaterThan(epochs[0]! + 10_000);
  });

  test('is none that is over, or whose workers ended with it, or that another master has', async () => {
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

  test('is left to others while it cannot be taken up: its file is not held', async () => {
    const dataDir = folder({});
    await leave(dataDir, { state: 'finished' });
    await expect(resume(dataDir, 'abcdef01')).rejects.toMatchObject({ exit: 'request-invalid' });
    await expect(resume(dataDir, 'abcdef01')).rejects.toThrow(/is over/);
  });
});
