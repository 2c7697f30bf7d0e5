import type { Log } from '../cluster/log.js';
import type { RateLimitedLog } from '../cluster/rate-limited-log.js';
import type { Refusals } from '../cluster/refusals.js';
import type { Participant } from '../allocation/participant.js';
import type { Intervals } from '../intervals/intervals.js';
import type { RunOptions } from '../options.js';
import type { SharedValues } from './shared-values.js';
import type { StoreWriter } from '../store/store-writer.js';
import { stopsWithinMs } from './exposure.js';
import type { HookRunner } from './hooks.js';
import { Incidents } from './incidents.js';
import type { Losses } from './losses.js';
import { LostWorkers } from './lost-workers.js';
import type { NoteCollector } from './note-collector.js';
import { Reports } from './reports.js';
import type { Emit, RunEnds, RunProgress } from './run-events.js';
import { Trust } from './trust.js';
import type { UnreachableUsers } from './unreachable-users.js';
import type { Warnings } from './warnings.js';
import { WorkerEvents } from './worker-events.js';

interface Parts {
  readonly run: RunProgress &
    RunEnds & {
      readonly id: string;
      readonly notes: NoteCollector;
      readonly losses: Losses;
      readonly unreachable: UnreachableUsers;
      readonly intervals: Intervals;
      readonly writer: StoreWriter;
      readonly shared: SharedValues;
      readonly gathering: { check(): void };
      readonly warnings: Pick<Warnings, 'addLimits'>;
    };
  readonly options: Pick<RunOptions, 'onWorkerLost' | 'missingAfterMs'>;
  readonly log: Log;
  readonly limited: RateLimitedLog;
  readonly refusals: Pick<Refusals, 'add'>;
  readonly hooks: HookRunner;
  readonly emit: Emit;
  readonly workers: () => readonly Participant[];
}

/** Connects the parts of a run that handle events of its workers. */
export function followWorkers(parts: Parts): WorkerEvents {
  const { run, options, log, limited, refusals, hooks, emit, workers } = parts;
  const { id: runId, notes, losses, unreachable, intervals, writer } = run;
  const { onWorkerLost = 'rebalance', missingAfterMs } = options;
  const incidents = new Incidents(run, emit);
  const trust = new Trust({ run, notes, intervals });
  const nonsense = (why: string): void => refusals.add('nonsense', why, 1, runId);
  const stop: RunEnds['stop'] = (ending, message) => run.stop(ending, message);
  const lostWorkers = new LostWorkers({ onWorkerLost, missingAfterMs, notes, losses, unreachable, stop });
  const reports = new Reports({
    runId,
    run,
    intervals,
    notes,
    workers,
    trust,
    incident: (worker, incident) => events.incident(worker, incident),
    nonsense,
  });
  const events: WorkerEvents = new WorkerEvents({
    run,
    log,
    limited,
    notes,
    hooks,
    incidents,
    losses,
    lostWorkers,
    reports,
    trust,
    shared: run.shared,
    stopsWithinMs: (worker) => (run.started ? stopsWithinMs(run.started, worker, missingAfterMs) : 0),
    intervals,
    unreachable,
    emit,
    changed: (worker) => writer.changed(worker),
    saved: () => writer.saved(),
    nonsense,
    checkLimits: (worker) => {
      const { started, warnings } = run;
      if (started) warnings.addLimits(started.plan, started.load, [worker]);
    },
  });
  return events;
}
