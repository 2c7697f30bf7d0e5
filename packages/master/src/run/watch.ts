import { formatDuration, knownPeakUsers } from '@drumline/model';
import type { IntervalState } from '@drumline/stats';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Log } from '../cluster/log.js';
import type { ParticipantList } from '../allocation/participant-list.js';
import type { Aggregate } from '../intervals/aggregate.js';
import type { NoteCollector } from './note-collector.js';
import { endParts } from './part-ends.js';
import { noteRetiredUsers, retiredUsers } from './retired-users.js';
import type { RunEnds, RunProgress } from './run-events.js';
import type { StartedRun } from './started-run.js';
import type { UnreachableUsers } from './unreachable-users.js';
import { noteSeriesLimit } from './series-limit.js';

/** How long a run without workers waits for one to join. */
const EMPTY_LIMIT_MS = 30_000;
/**
 * Number of seconds without users before a run ends. Users that move between lanes are not counted
 * anywhere for a moment.
 */
const IDLE_SECONDS = 2;

export interface WatchParts {
  readonly run: Pick<RunProgress, 'isRunning'> & Pick<RunEnds, 'stop'>;
  readonly aggregate: Aggregate;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly unreachable: Pick<UnreachableUsers, 'usersAt'>;
  readonly participants: Pick<ParticipantList, 'users' | 'present' | 'inState' | 'busiestLane'>;
  readonly log: Log;
  /** The address that workers connect to. */
  readonly address: string;
  /** Whether to continue although no request reaches the target. */
  readonly keepGoing: boolean;
}

/**
 * Evaluates each second of a run once its reports have arrived: running users, missing workers, and
 * the conditions that end the run.
 */
export class Watch {
  private emptySinceMs: number | undefined;
  /** Number of seconds without any user, all of whom ended early. */
  private idleSeconds = 0;
  private isOver = false;

  constructor(
    private readonly started: StartedRun,
    private readonly parts: WatchParts,
  ) {}

  /** Records and returns what the run did in a second that is over. */
  observe(second: number): IntervalState {
    const { aggregate, participants, unreachable } = this.parts;
    const { allocation, clock, dispatch } = this.started;
    const plannedUsers = this.plannedUsers(second);
    const cutOffUsers = unreachable.usersAt(clock.elapsedMs);
    // Until the workers reconnect, the number of users is unknown: use that of the plan.
    const users = this.isOver
      ? (aggregate.users.at(-1) ?? 0)
      : allocation.inReconnectGrace
        ? plannedUsers
        : participants.users;
    const plannedRate = this.started.plannedRateAt((second + 1) * 1_000);
    aggregate.ran([second, users, plannedUsers, plannedRate ?? 0]);
    this.countSkipped(second);
    aggregate.mayHaveRun(second, cutOffUsers);
    if (dispatch.awaited.giveUpOverdue(monotonicMs())) allocation.placeUsers();
    const [present, missing] = [participants.present.length, participants.inState('missing').length];
    return {
      users,
      plannedUsers,
      ...(plannedRate !== undefined && { plannedRate }),
      cutOffUsers,
      workers: { present, missing },
      busiestLane: participants.busiestLane,
    };
  }

  /** The users are gone: the seconds that are not over yet had those of the last second. */
  end(): void {
    this.countSkipped(this.parts.aggregate.users.length, true);
    this.isOver = true;
  }

  /** Ends the run if it should not continue after this second. */
  judge(second: number): void {
    const { aggregate, notes, run } = this.parts;
    const { allocation, plan } = this.started;
    if (run.isRunning) endParts(this.started);
    noteSeriesLimit(notes, aggregate.totals, plan.maxSeries);
    if (!run.isRunning || allocation.inReconnectGrace) return;
    if (allocation.running.length === 0) return this.waitForWorkers();
    this.emptySinceMs = undefined;
    this.watchGroups();
    this.watchTarget(second);
    this.watchRetired();
  }

  /** Notes the time without a master. @param knownSeconds that the previous master knew */
  noteGap(knownSeconds: number): void {
    const { elapsedMs } = this.started.clock;
    const from = formatDuration(Math.min(knownSeconds * 1_000, elapsedMs));
    this.parts.notes.add(
      'master-resumed',
      `There was no master from about ${from} to ${formatDuration(elapsedMs)}. Then another master resumed the run. The workers continued with their share of the plan, and their results are in the report.`,
    );
  }

  /** Counts the starts that no lane was there for. */
  private countSkipped(second: number, isLast = false): void {
    const { clock, dispatch, allocation } = this.started;
    if (allocation.inReconnectGrace || this.isOver) return;
    const schedule = dispatch.takeSkipped(clock.runMs, isLast).map(({ count, ...rest }) => {
      return { ...rest, started: 0, late: 0, dropped: 0, skipped: count };
    });
    if (schedule.length > 0)
      this.parts.aggregate.add({ second, series: [], checks: [], metrics: [], exceptions: [], schedule });
  }

  private plannedUsers(second: number): number {
    return this.started.plannedUsersAt((second + 1) * 1_000);
  }

  private waitForWorkers(): void {
    const { notes, run, log, address } = this.parts;
    const limit = formatDuration(EMPTY_LIMIT_MS);
    if (this.emptySinceMs === undefined)
      log(`No worker is left to run users. Waiting ${limit} for one to join at ${address}.`);
    this.emptySinceMs ??= monotonicMs();
    notes.add('users-unplaced', 'For a time no worker was left to run users.', 'users-unplaced');
    if (monotonicMs() - this.emptySinceMs < EMPTY_LIMIT_MS) return;
    log(`No worker joined within ${limit}. The run ends.`);
    run.stop('workers-left', `All workers left, and none joined within ${limit}. The run ended early.`);
  }

  /** Ends a run whose requests never reach the target. */
  private watchTarget(second: number): void {
    const { aggregate, notes, run, log, keepGoing } = this.parts;
    if (keepGoing) return;
    const why = aggregate.target.reasonToEnd(second);
    if (why === undefined) return;
    log(why);
    notes.add('target-down', why);
    run.stop('target-down');
  }

  /** Ends the run when all its users have ended early. */
  private watchRetired(): void {
    const { aggregate, notes, run, log, participants } = this.parts;
    const { notStarted, stopped } = retiredUsers(aggregate.totals);
    if (notStarted + stopped === 0) return;
    noteRetiredUsers(notes, aggregate.totals);
    // A shape may ask for users again.
    if (this.started.plan.controller?.kind === 'shape') return;
    const isOver = participants.users === 0 && notStarted + stopped >= knownPeakUsers(this.started.load);
    this.idleSeconds = isOver ? this.idleSeconds + 1 : 0;
    if (this.idleSeconds < IDLE_SECONDS) return;
    log('All users have ended. The run ends.');
    const { howFar } = this.started;
    this.started.endedWithoutUsers = howFar;
    // If users stopped, their note names the end, too.
    if (stopped > 0) return run.stop('planned');
    run.stop('planned', `All users had ended, so the run ended ${howFar}.`);
  }

  private watchGroups(): void {
    for (const group of this.started.dispatch.unservedGroups) {
      this.parts.notes.add(
        'users-unplaced',
        `For a time no lane was left to run the users of lane group '${group}'.`,
        `users-unplaced ${group}`,
      );
    }
  }
}
