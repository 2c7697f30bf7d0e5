import { formatDuration, loadEndMs, type Millis } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Participant } from '../allocation/participant.js';
import type { OnWorkerLost } from '../options.js';
import {
  exposureOf,
  exposureOfEnded,
  startsAtRisk,
  startsUnreached,
  stopsWithinMs,
  type Exposure,
} from './exposure.js';
import type { Losses } from './losses.js';
import type { NoteCollector } from './note-collector.js';
import type { RunEnds } from './run-events.js';
import type { StartedRun } from './started-run.js';
import type { UnreachableUsers } from './unreachable-users.js';

/** What happens to the users of a lost worker, for the log and for the report. */
const FATE_OF_USERS: Readonly<Record<OnWorkerLost, readonly [now: string, then: string]>> = {
  rebalance: ['Its users move to other workers.', 'its users moved to other workers'],
  wait: [
    'Its users move to other workers once it must have stopped.',
    'its users moved to other workers once it must have stopped',
  ],
  continue: ['Its users wait until it returns.', 'its users waited for it'],
  fail: ['The run ends.', 'the run was ended'],
};

/** What a loss means for a load with a rate, as another sentence. */
function startsOf({ starts }: Exposure): string {
  return starts === 0 ? '' : ` Up to ${starts} starts that were due by then are missing, or happened twice.`;
}

/** How long it takes until others have the slots of a worker. */
const HANDOVER_MS: Millis = 2_000;

interface Parts {
  readonly onWorkerLost: OnWorkerLost;
  readonly missingAfterMs: Millis;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly losses: Losses;
  readonly unreachable: UnreachableUsers;
  readonly stop: RunEnds['stop'];
}

/** Decides what becomes of the users of lost workers, and records what may be uncounted. */
export class LostWorkers {
  /**
   * When missing workers returned, milliseconds since the start; only while reports from their
   * absence are outstanding.
   */
  private readonly returnedAtMs = new Map<Participant, Millis>();

  constructor(private readonly parts: Parts) {}

  /** What happens to the users of this worker when it is lost, as a sentence for the log. */
  fateOf({ hadUsers }: Participant): string {
    return hadUsers ? ` ${FATE_OF_USERS[this.parts.onWorkerLost][0]}` : '';
  }

  /** A worker that took part was lost. */
  lost(run: StartedRun, worker: Participant, silentMs: Millis): void {
    const { onWorkerLost, missingAfterMs, notes, losses, unreachable } = this.parts;
    const heldForMs = this.heldForMs(run, worker);
    const exposure = exposureOf(run, worker, silentMs, missingAfterMs, heldForMs);
    const { elapsedMs } = run.clock;
    const reason = `silent for ${formatDuration(silentMs)}`;
    this.returnedAtMs.delete(worker);
    notes.add(
      'worker-lost',
      `Worker ${worker.id} (${worker.hello.host}) was lost at ${formatDuration(elapsedMs)}, ${reason}; ${FATE_OF_USERS[onWorkerLost][1]}. Its results since its last report are missing unless it came back.${startsOf(exposure)}`,
    );
    losses.workerLost(worker, elapsedMs, reason, exposure);
    unreachable.lost(worker, exposure);
    if (onWorkerLost === 'rebalance') this.noteTwice(worker, exposure, elapsedMs);
    const waitEnds = (): void => this.waitEnds(run, worker);
    if (onWorkerLost === 'continue') run.dispatch.awaited.add(worker, Infinity, waitEnds);
    if (onWorkerLost === 'wait') {
      const untilMs = monotonicMs() + stopsWithinMs(run, worker, missingAfterMs);
      run.dispatch.awaited.add(worker, untilMs, waitEnds);
    }
    if (onWorkerLost === 'fail')
      this.parts.stop('worker-lost', `The run was ended early because worker ${worker.id} was lost.`);
  }

  /** A worker stops before it has handed over its slots, because a lane does not respond. */
  keptSlots(run: StartedRun, worker: Participant): void {
    const { elapsedMs } = run.clock;
    const fromMs = (worker.pace.newestSecond ?? 0) * 1_000;
    const starts = startsAtRisk(run, worker, fromMs, elapsedMs + HANDOVER_MS);
    const reason = 'it left before its lanes had handed over what was due';
    this.parts.losses.startsLost(worker, elapsedMs, reason, starts);
  }

  /** The run has ended. A worker did not run what was due while it had no users or older orders. */
  ended(run: StartedRun, worker: Participant): void {
    if (!worker.tookPart) return;
    const { elapsedMs, runMs } = run.clock;
    this.raiseStarts(run, worker, elapsedMs);
    const epoch = worker.health?.epoch ?? 0;
    if (epoch !== 0) {
      const late = 'its last orders did not reach it before the end';
      const unknown = run.dispatch.starts.unknownTo(worker, epoch, runMs);
      return this.parts.losses.startsLost(worker, elapsedMs, late, unknown);
    }
    const fromMs = (worker.pace.newestSecond ?? 0) * 1_000;
    const recent = startsAtRisk(run, worker, fromMs, elapsedMs);
    const starts = Math.max(recent, startsUnreached(run, worker));
    const reason = 'its users had been stopped when the run ended, because no master answered';
    this.parts.losses.startsLost(worker, elapsedMs, reason, starts);
  }

  /** A worker that took part has come back. */
  returned(run: StartedRun | undefined, worker: Participant): void {
    const elapsedMs = run?.clock.elapsedMs ?? 0;
    this.parts.notes.add(
      'worker-returned',
      `Worker ${worker.id} came back at ${formatDuration(elapsedMs)}. Its results from its absence are in the report.`,
    );
    if (run) this.returnedAtMs.set(worker, elapsedMs);
  }

  /** A worker that took part ended without reporting everything. */
  incomplete(run: StartedRun, worker: Participant, reason: string): void {
    const { notes, losses } = this.parts;
    notes.add('reports-missing', `Worker ${worker.id}: ${reason}, so its last requests are not counted.`);
    losses.workerLost(worker, run.clock.elapsedMs, reason, exposureOfEnded(run, worker));
  }

  /**
   * Marks a returned worker as complete. Reports arrive in order, so all earlier ones are merged
   * once one from after its return is.
   */
  reported(worker: Participant): void {
    const sinceMs = this.returnedAtMs.get(worker);
    if (sinceMs === undefined || (worker.pace.newestSecond ?? 0) * 1_000 <= sinceMs) return;
    this.returnedAtMs.delete(worker);
    this.parts.losses.caughtUp(worker);
  }

  /** Another master would not know what the worker had, so its loss must state it. */
  private waitEnds(run: StartedRun, worker: Participant): void {
    this.raiseStarts(run, worker, run.clock.elapsedMs + HANDOVER_MS);
  }

  /** The load may have changed while others waited for the worker. */
  private raiseStarts(run: StartedRun, worker: Participant, untilMs: Millis): void {
    const { losses } = this.parts;
    const fromMs = losses.uncountedFromMs(worker);
    if (fromMs !== undefined) losses.raiseStarts(worker, startsAtRisk(run, worker, fromMs, untilMs));
  }

  /** How long the users of a lost worker wait for it. */
  private heldForMs(run: StartedRun, worker: Participant): Millis {
    const { onWorkerLost, missingAfterMs } = this.parts;
    if (onWorkerLost === 'wait') return stopsWithinMs(run, worker, missingAfterMs) + HANDOVER_MS;
    return onWorkerLost === 'continue' ? (loadEndMs(run.load) ?? 0) : 0;
  }

  /** Notes that users of an unreachable worker may run twice: there and on other workers. */
  private noteTwice({ id }: Participant, { users, untilMs }: Exposure, elapsedMs: Millis): void {
    const isSeenDead = untilMs <= elapsedMs;
    if (users === 0 || isSeenDead) return;
    this.parts.notes.add(
      'users-twice',
      `Worker ${id} became unreachable at ${formatDuration(elapsedMs)}. Up to ${users} of its users may run twice, there and on other workers, until ${formatDuration(untilMs)} at the latest. With --on-worker-lost wait, users move only once they must have stopped.`,
    );
  }
}
