import { formatDuration, peakUsers, type Millis } from '@drumline/model';
import { masterNowMs } from '../clock.js';
import type { Log } from '../options.js';
import { noteRetiredUsers, retiredUsers } from './retired-users.js';
import type { Run } from './run.js';

/** How long a run without workers waits for one to join. */
const EMPTY_LIMIT_MS = 30_000;
/**
 * Number of seconds without users before a run ends. Users that move between lanes are not counted
 * anywhere for a moment.
 */
const IDLE_SECONDS = 2;

/**
 * Evaluates each second of a run once its reports have arrived: running users, missing workers, and
 * the conditions that end the run.
 */
export class Watch {
  private emptySinceMs: number | undefined;
  /** Number of seconds without any user, all of whom ended early. */
  private idleSeconds = 0;
  /** How far the run was when it ended because no user was left. */
  endedWithoutUsers: string | undefined;

  constructor(
    private readonly run: Run,
    private readonly log: Log,
  ) {}

  closeSecond(second: number): void {
    const { aggregate, cluster, users } = this.run;
    // Until the workers reconnect, the number of users is unknown: use that of the plan.
    aggregate.ran(second, cluster.inReconnectGrace ? this.plannedUsers(second) : users);
    aggregate.mayHaveRun(second, this.run.unreachable.usersAt(this.run.clock!.elapsedMs));
    if (this.run.dispatch!.giveUpOverdue(masterNowMs())) cluster.placeUsers();
    this.run.onSecond(second);
    this.watchSeries();
    if (this.run.machine.state !== 'running' || cluster.inReconnectGrace) return;
    if (cluster.running.length === 0) return this.waitForSomeone();
    this.emptySinceMs = undefined;
    this.watchGroups();
    this.watchTarget(second);
    this.watchRetired();
  }

  /**
   * Notes the time without a master, and fills in the users of the seconds in it.
   * @returns the current second
   */
  bridgeGap(knownSeconds: number): number {
    const { aggregate, clock, notes } = this.run;
    const { elapsedMs } = clock!;
    const nowSecond = Math.floor(elapsedMs / 1_000);
    for (let second = knownSeconds; second < nowSecond; second += 1) {
      aggregate.ran(second, this.plannedUsers(second));
    }
    const from = formatDuration(Math.min(knownSeconds * 1_000, elapsedMs));
    notes.add(
      'master-resumed',
      `There was no master from about ${from} to ${formatDuration(elapsedMs)}. Then another master resumed the run. The workers continued with their share of the plan, and their results are in the report.`,
    );
    return nowSecond;
  }

  private plannedUsers(second: number): number {
    const endMs: Millis = (second + 1) * 1_000;
    return this.run.dispatch!.plannedUsers(this.run.clock!.runMsAt(endMs));
  }

  private waitForSomeone(): void {
    const { run } = this;
    const limit = formatDuration(EMPTY_LIMIT_MS);
    if (this.emptySinceMs === undefined)
      this.log(`No worker is left to run users. Waiting ${limit} for one to join at ${run.link.address}.`);
    this.emptySinceMs ??= masterNowMs();
    run.notes.add('users-unplaced', 'For a time no worker was left to run users.', 'users-unplaced');
    if (masterNowMs() - this.emptySinceMs < EMPTY_LIMIT_MS) return;
    this.log(`No worker joined within ${limit}. The run ends.`);
    run.stop('workers-left', `All workers left, and none joined within ${limit}. The run ended early.`);
  }

  /** Adds a note if there are more series than the limit. */
  watchSeries(): void {
    const { aggregate, notes, plan } = this.run;
    const distinct = aggregate.totals.distinctSeries;
    if (distinct === undefined) return;
    notes.add(
      'series-limit',
      `There were about ${Number(distinct.toPrecision(2))} different series (names, methods and tags of requests), but the limit is ${plan!.maxSeries}. Requests of the others are counted as '(other)', which may also contain requests of listed series. Totals are exact. The usual cause is IDs in URLs: give such requests one name with \`name:\`, or raise --max-series.`,
      'series-limit',
    );
  }

  /** Ends a run whose requests never reach the target. */
  private watchTarget(second: number): void {
    const { run } = this;
    if (run.options.keepGoing === true) return;
    const why = run.aggregate.target.reasonToEnd(second);
    if (why === undefined) return;
    this.log(why);
    run.notes.add('target-down', why);
    run.stop('target-down');
  }

  /** Ends the run when all its users have ended early. */
  private watchRetired(): void {
    const { aggregate, dispatch, notes, users } = this.run;
    const { notStarted, stopped } = retiredUsers(aggregate.totals);
    if (notStarted + stopped === 0) return;
    noteRetiredUsers(notes, aggregate.totals);
    const isOver = users === 0 && notStarted + stopped >= peakUsers(dispatch!.load);
    this.idleSeconds = isOver ? this.idleSeconds + 1 : 0;
    if (this.idleSeconds < IDLE_SECONDS) return;
    this.log('All users have ended. The run ends.');
    this.endedWithoutUsers = this.run.howFar;
    // If users stopped, their note names the end, too.
    if (stopped > 0) return this.run.stop('planned');
    this.run.stop('planned', `All users had ended, so the run ended ${this.endedWithoutUsers}.`);
  }

  private watchGroups(): void {
    for (const group of this.run.dispatch!.unservedGroups) {
      this.run.notes.add(
        'users-unplaced',
        `For a time no lane was left to run the users of lane group '${group}'.`,
        `users-unplaced ${group}`,
      );
    }
  }
}
