import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRunToResume, startMaster, type MasterHandle } from '@drumline/master';
import { CHECKPOINT_TERMS, RunFile } from '@drumline/master/testing';
import type { IntervalDelta } from '@drumline/stats';
import { reportOf } from './reports.js';
import { storedBenchRun } from './stored-run.js';

/** Seconds in one commit, so that a file of hours is written in minutes. */
const SECONDS_A_COMMIT = 20;
/** Different reports, so that histograms of the whole run are as wide as in real runs. */
const REPORTS = 50;

export function storedRunPath(directory: string): string {
  return join(directory, 'runs', '20260101T000000Z-bench-00000000.db');
}

/**
 * Writes the file of a run that began `seconds` ago and is not over.
 * @returns its path
 */
export function makeStoredRun(directory: string, seconds: number, series: number, requests: number): string {
  mkdirSync(join(directory, 'runs'));
  const path = storedRunPath(directory);
  const startedAt = new Date(Date.now() - seconds * 1_000).toISOString();
  const clock = { startAtMs: 0, bootId: '', startedAt, pausedBeforeMs: 0 };
  // Each commit has as much time for its seconds as in a real run.
  const terms = { ...CHECKPOINT_TERMS, budgetMs: CHECKPOINT_TERMS.budgetMs * SECONDS_A_COMMIT };
  const file = RunFile.create(path, storedBenchRun({ clock }), terms);
  const reports = Array.from({ length: REPORTS }, () => reportOf(series, requests));
  for (let from = 0; from < seconds; from += SECONDS_A_COMMIT) {
    const range = Array.from({ length: Math.min(SECONDS_A_COMMIT, seconds - from) }, (_, i) => from + i);
    const deltas = range.map((at): IntervalDelta => ({ second: at, ...reports[at % REPORTS]! }));
    file.apply([{ deltas, users: range.map((at) => [at, 10] as const) }]);
  }
  file.close();
  return path;
}

/** A master without workers that has resumed the run. @param dashboard its directory */
export async function resumeStoredRun(directory: string, dashboard?: string): Promise<MasterHandle> {
  const master = await startMaster(
    {
      scenario: 'bench.ts',
      overrides: {},
      bind: 'tcp://127.0.0.1:0',
      api: { host: '127.0.0.1', port: 0, orAnyPort: true },
      expectWorkers: 1,
      expectWorkersMaxWaitMs: null,
      autostart: true,
      heartbeatMs: 1_000,
      missingAfterMs: 3_000,
      dashboard,
      dataDir: directory,
      resume: await openRunToResume(directory),
    },
    () => {},
  );
  master.finished.catch(() => {});
  return master;
}
