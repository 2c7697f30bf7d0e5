import type { ParticipantList } from '../allocation/participant-list.js';
import type { Aggregate } from '../intervals/aggregate.js';
import type { Intervals } from '../intervals/intervals.js';
import type { StoreWriter } from '../store/store-writer.js';
import type { NoteCollector } from './note-collector.js';
import { tearDown } from './setup.js';
import type { StartedRun } from './started-run.js';
import type { WorkerEvents } from './worker-events.js';

/** Time after the stop timeout for workers to report and for lanes that must be killed. */
const DRAIN_GRACE_MS = 15_000;

interface Parts {
  readonly participants: ParticipantList;
  readonly aggregate: Pick<Aggregate, 'countedMs'>;
  readonly intervals: Pick<Intervals, 'drain'>;
  readonly writer: Pick<StoreWriter, 'saved'>;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly setupResult: unknown;
  readonly workerEvents: Pick<WorkerEvents, 'neverDrained' | 'runEnded'>;
}

/** Stops all users of a run, collects the last reports, and runs `teardown`. */
export async function drain(
  started: StartedRun,
  { participants, aggregate, intervals, writer, notes, setupResult, workerEvents }: Parts,
): Promise<void> {
  const { plan, allocation, clock, dispatch } = started;
  // Commit first: another master must know that these workers are drained.
  intervals.drain();
  await writer.saved();
  await allocation.drain(plan.stopTimeoutMs, plan.stopTimeoutMs + DRAIN_GRACE_MS);
  for (const worker of participants.inState('draining')) workerEvents.neverDrained(worker);
  workerEvents.runEnded(started, participants.all);
  clock.end(aggregate.countedMs);
  if (!plan.hasTeardown) return;
  const problem = await tearDown(allocation, (worker) => dispatch.has(worker), setupResult);
  if (problem !== undefined) notes.add('teardown-failed', problem);
}
