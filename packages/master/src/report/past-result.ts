import { DrumlineError, foundLimit, type FoundLimit, type Note } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { Aggregate } from '../intervals/aggregate.js';
import { isInProgress } from '../store/catalogue.js';
import { isIncomplete } from '../store/incomplete.js';
import { stateOf } from '../store/open.js';
import { storedCountsOf, type StoredState } from '../store/run-store.js';
import { readSnapshot } from '../store/snapshot.js';
import { judgeOf } from './past-thresholds.js';
import { buildResult, countedSeconds } from './result.js';
import { storedRowResults } from './rows.js';
import { storedSharedResult } from './shared.js';
import { thresholdResultsOf } from './thresholds.js';

/**
 * The result of a stored run. If the run did not end, or is in progress, it is built from the
 * committed data and has a note about it.
 * @throws DrumlineError `usage` if the file cannot be read, or if the run never started
 */
export function pastResult(path: string): RunResult {
  const read = readSnapshot(path, (file) => file.result() ?? file.contents());
  if (!('counted' in read)) return read;
  const state = stateOf(read);
  const { run } = state;
  if (!run.clock) {
    throw new DrumlineError(
      'usage',
      `Run ${run.runId} never started (its state is '${run.state}'), so it has no results.`,
      '`drumline runs` lists all runs.',
    );
  }
  const notes: Note[] = isIncomplete(path) ? [INCOMPLETE] : [];
  return resultUpToNow(state, new Date(run.clock.startedAt), isInProgress(path), notes);
}

const INCOMPLETE: Note = {
  code: 'store-failed',
  message: 'The master could not write all of the run to its file. Some results are missing.',
};

function resultUpToNow(
  state: StoredState,
  startedAt: Date,
  goesOn: boolean,
  notes: readonly Note[],
): RunResult {
  const { run, workers, shared } = state;
  const aggregate = new Aggregate();
  aggregate.restore(storedCountsOf(state));
  aggregate.untrusted.restore(run.untrusted ?? []);
  const seconds = Math.max(aggregate.users.length, aggregate.timeline.newestSecond + 1);
  const judge = judgeOf(state);
  const judgments = judge.finish(seconds - 1, countedSeconds(aggregate, seconds * 1_000));
  const until = new Date(startedAt.getTime() + seconds * 1_000);
  return buildResult({
    id: run.runId,
    plan: run.plan,
    state: goesOn ? run.state : 'unfinished',
    startedAt,
    durationMs: seconds * 1_000,
    exit: 'interrupted',
    verdict: 'failed',
    aggregate,
    thresholds: thresholdResultsOf(judgments, aggregate.totals.snapshot(), seconds * 1_000),
    limit: limitOf(run),
    workers,
    losses: run.losses ?? [],
    rows: storedRowResults(run.plan, shared, workers, !goesOn),
    annotations: run.annotations,
    shared: storedSharedResult(shared),
    notes: [...run.notes.map(([, note]) => note), ...notes, unfinished(until, goesOn)],
  });
}

function unfinished(until: Date, goesOn: boolean): Note {
  const at = until.toISOString();
  return {
    code: 'unfinished',
    message: goesOn
      ? `The run is still in progress. These results contain what its master had committed up to ${at}.`
      : `The run did not end: its master was gone after ${at}. Results that were not committed by then are missing.`,
  };
}

function limitOf({ plan, limitSteps = [] }: StoredState['run']): FoundLimit | undefined {
  const { controller } = plan;
  return controller?.kind === 'findLimit' ? foundLimit(controller, limitSteps) : undefined;
}
