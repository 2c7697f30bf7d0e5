import { resolve } from 'node:path';
import type { Ending, RunState } from '@drumline/model';
import { VERSION, type RunResult } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';
import type { Aggregate } from '../intervals/aggregate.js';
import type { RunOptions } from '../options.js';
import type { RecordedRun } from '../store/run-record.js';
import type { Annotations } from './annotations.js';
import type { Losses } from './losses.js';
import type { NoteCollector } from './note-collector.js';
import type { OutputFeed } from './output-feed.js';
import type { SharedValues } from './shared-values.js';
import type { PlannedRun, StartedRun } from './started-run.js';

/** The parts of a run that are stored. */
interface StorableRun {
  readonly id: string;
  readonly options: Pick<RunOptions, 'scenario' | 'standalone'>;
  readonly cluster: { readonly address: string };
  readonly machine: { readonly state: RunState };
  readonly participants: { readonly all: readonly Participant[] };
  readonly started: Pick<StartedRun, 'clock'> | undefined;
  readonly setupResult: unknown;
  readonly losses: Pick<Losses, 'all'>;
  readonly notes: Pick<NoteCollector, 'entries'>;
  readonly annotations: Pick<Annotations, 'all'>;
  readonly aggregate: Pick<Aggregate, 'fromSecond' | 'timeline' | 'untrusted'>;
  readonly apiUrl: string | undefined;
  readonly ending: Ending | undefined;
  readonly shared: Pick<SharedValues, 'takeEntries'>;
  readonly outputs: Pick<OutputFeed, 'sent'>;
  readonly outcome: { readonly result: RunResult | undefined };
}

/** A run as its record reads it. */
export function recordedRunOf(
  run: StorableRun,
  { bundle, plan, allocation, judge, search }: PlannedRun,
): RecordedRun {
  const { dispatch } = allocation;
  return {
    fixed: {
      runId: run.id,
      scenario: resolve(run.options.scenario),
      bundle,
      plan,
      drumline: VERSION,
      createdAt: new Date().toISOString(),
      workerAddress: run.cluster.address,
      ...(run.options.standalone === true && { standalone: true }),
    },
    changing: () => ({
      state: run.machine.state,
      ...(run.started && { clock: run.started.clock.stored }),
      epoch: dispatch.epoch,
      load: dispatch.load,
      placement: dispatch.shares,
      setupResult: run.setupResult,
      losses: run.losses.all,
      ...(run.annotations.all.length > 0 && { annotations: run.annotations.all }),
      fromSecond: run.aggregate.fromSecond,
      ...(run.aggregate.untrusted.spans.length > 0 && { untrusted: run.aggregate.untrusted.spans }),
      ...(judge.thresholds.length > 0 && { thresholds: judge.stored }),
      ...(search && search.steps.length > 0 && { limitSteps: search.steps }),
      ...(run.apiUrl !== undefined && { apiUrl: run.apiUrl }),
      ...(run.ending !== undefined && { ending: run.ending }),
      ...(run.outputs.sent && { sent: run.outputs.sent }),
      ...(run.outcome.result && { result: run.outcome.result }),
    }),
    notes: () => run.notes.entries,
    workers: () => run.participants.all,
    shared: () => run.shared.takeEntries(),
    sentThrough: () => run.outputs.sent && Math.min(...Object.values(run.outputs.sent)),
    corrected: (points) => run.aggregate.timeline.correct(points),
  };
}
