import type { Ending, FoundLimit, RunState } from '@drumline/model';
import type { ScheduleDelta } from '@drumline/stats';
import type { RunResult, ThresholdResult } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import type { Aggregate } from '../intervals/aggregate.js';
import type { RunOptions } from '../options.js';
import { buildResult, countedSeconds } from '../report/result.js';
import { thresholdResultsOf } from '../report/thresholds.js';
import { exitOf, verdictOf } from './ending.js';
import { measuredSomething, whyNothing } from './idleness.js';
import type { Annotations } from './annotations.js';
import type { Losses } from './losses.js';
import type { NoteCollector } from './note-collector.js';
import type { OutputFeed } from './output-feed.js';
import { noteRetiredUsers } from './retired-users.js';
import { noteSeriesLimit } from './series-limit.js';
import type { SharedValues } from './shared-values.js';
import type { StartedRun } from './started-run.js';
import { describeUnexplained, possibleCauses, unexplainedStarts } from './starts-balance.js';
import type { WorkerEvents } from './worker-events.js';

/** What a result is made of. */
interface EndedRun {
  readonly id: string;
  readonly ending: Ending | undefined;
  readonly aggregate: Aggregate;
  readonly intervals: { takeAll(): void; end(lastSecond: number): void };
  readonly watch: { end(): void } | undefined;
  readonly notes: NoteCollector;
  readonly annotations: Pick<Annotations, 'all'>;
  readonly outputs: Pick<OutputFeed, 'views'>;
  readonly losses: Losses;
  readonly shared: Pick<SharedValues, 'rowResults' | 'sharedResult'>;
  readonly workerEvents: Pick<WorkerEvents, 'settleTrust'>;
  readonly participants: { readonly all: readonly Participant[] };
  readonly options: Pick<RunOptions, 'given' | 'untrusted'>;
}

type ConcludedRun = Pick<StartedRun, 'plan' | 'clock' | 'judge' | 'search' | 'endedWithoutUsers' | 'load'>;

/** Counts everything that was reported, and closes the last seconds. */
function countAll({ intervals, watch, aggregate }: EndedRun, clock: StartedRun['clock']): void {
  intervals.takeAll();
  watch?.end();
  clock.end(aggregate.countedMs);
  // By the clocks of the workers, the last requests may have ended a moment later.
  intervals.end(Math.ceil(Math.max(clock.elapsedMs, aggregate.countedMs) / 1_000) - 1);
}

/**
 * Adds the final notes and builds the result of everything counted so far. May be called again.
 * @param state state of the run in the result
 */
export function conclude(run: EndedRun, started: ConcludedRun, state: RunState): RunResult {
  const { clock, plan, judge, search } = started;
  const { aggregate, notes, losses, ending = 'planned' } = run;
  countAll(run, clock);
  run.workerEvents.settleTrust();
  aggregate.holdUsers(Math.ceil(clock.elapsedMs / 1_000));
  const snapshot = aggregate.totals.snapshot();
  const { totals, checks, exceptions } = snapshot;
  noteSeriesLimit(notes, aggregate.totals, plan.maxSeries);
  noteRetiredUsers(notes, aggregate.totals, started.endedWithoutUsers);
  if (totals.interrupted > 0) {
    notes.add(
      'interrupted-requests',
      `${totals.interrupted} requests were still in flight when the stop timeout ended, and were cut off.`,
    );
  }
  const { untimed } = aggregate.totals;
  if (untimed > 0) {
    notes.add(
      'times-missing',
      `The quantiles lack the response times of ${untimed} requests of workers that were lost. The requests are counted.`,
    );
  }
  if (state === 'finished') noteUnexplained(run, started, snapshot.schedule);
  const thrown = exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0);
  if (thrown > 0)
    notes.add('exceptions', `The scenario code threw an exception ${thrown} times; see exceptions.`);
  const failed = totals.failures + thrown + checks.reduce((sum, { fails }) => sum + fails, 0);
  const endSecond = Math.ceil(clock.elapsedMs / 1_000) - 1;
  const judgments = judge.finish(endSecond, countedSeconds(aggregate, clock.elapsedMs));
  const thresholds = thresholdResultsOf(judgments, snapshot, Math.round(clock.elapsedMs));
  const counted = {
    failed,
    measured: measuredSomething(snapshot),
    untrusted: run.options.untrusted === 'fail' && aggregate.untrusted.countFrom(aggregate.fromSecond) > 0,
    ...failedThresholds(thresholds, search?.found),
  };
  if (!counted.measured) {
    const { users, fromSecond } = aggregate;
    notes.add(
      'nothing-measured',
      whyNothing(snapshot, { plan, users, fromSecond, elapsedMs: clock.elapsedMs }),
    );
  }
  if (aggregate.seriesTimeline?.full) {
    notes.add(
      'series-limit',
      'The CSV history contains single series only for the first part of the run, because there were more than 100,000 rows. The aggregated rows cover the whole run.',
      'history-limit',
    );
  }
  const exit = exitOf(ending, notes, losses, counted);
  return buildResult({
    id: run.id,
    plan,
    state,
    startedAt: clock.startedAt,
    durationMs: clock.elapsedMs,
    exit,
    verdict: verdictOf(exit, counted),
    aggregate,
    thresholds,
    limit: search?.found,
    workers: run.participants.all,
    losses: losses.all,
    rows: run.shared.rowResults(plan),
    shared: run.shared.sharedResult(),
    notes: notes.all,
    annotations: run.annotations.all,
    outputs: run.outputs.views,
    options: run.options.given,
  });
}

/** The backstop: starts that are missing or too many, and that no loss states. */
function noteUnexplained(
  { aggregate, notes, losses, participants }: EndedRun,
  { load, plan, clock }: ConcludedRun,
  schedule: readonly ScheduleDelta[],
): void {
  // A reset has discarded starts.
  if (aggregate.fromSecond > 0) return;
  // A worker that learned late of a pause has gone on until then.
  const end = { fromMs: clock.endOrderedMs, untilMs: clock.elapsedMs };
  for (const one of unexplainedStarts(load, plan, schedule, end, losses.starts))
    notes.add(
      'starts-missing',
      describeUnexplained(one, possibleCauses(losses.all, participants.all)),
      `starts-missing ${one.phase}`,
    );
}

/**
 * How many requirements failed; empty if there are none. A search for a limit tolerates failures,
 * but it must find a rate.
 */
function failedThresholds(
  thresholds: readonly ThresholdResult[],
  limit: FoundLimit | undefined,
): { failedThresholds?: number } {
  if (thresholds.length === 0 && !limit) return {};
  const failed = thresholds.filter(({ passed }) => !passed).length;
  return { failedThresholds: failed + (limit?.perSecond === null ? 1 : 0) };
}
