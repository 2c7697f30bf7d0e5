import { formatDuration, peakUsers, type Millis } from '@drumline/model';
import { masterNowMs } from '../clock.js';
import type { Say } from '../options.js';
import { noteRetiredUsers, retiredUsers } from './retired-users.js';
import type { Run } from './run.js';

/** With nobody left to make load, a run waits this long for someone to join. */
const EMPTY_LIMIT_MS = 30_000;
/**
 * For how many seconds there must be no user: users that move between lanes are counted nowhere for
 * a moment.
 */
const IDLE_SECONDS = 2;

/** Looks at each second of a run when its reports are in: how many users ran, and whether anybody is left to run them. */
export class Watch {
  private emptySinceMs: number | undefined;
  /** Seconds for which every user has ended by itself. */
  private idleSeconds = 0;

  constructor(
    private readonly run: Run,
    private readonly say: Say,
  ) {}

  closeSecond(second: number): void {
    const { aggregate, cluster, users } = this.run;
    // Until the workers are back, nobody tells how many run: those that the plan says.
    aggregate.ran(second, cluster.reuniting ? this.plannedUsers(second) : users);
    aggregate.mayHaveRun(second, this.run.strays.usersAt(this.run.clock!.elapsedMs));
    if (this.run.dispatch!.giveUpOverdue(masterNowMs())) cluster.placeUsers();
    this.run.onSecond(second);
    this.watchSeries();
    if (this.run.machine.state !== 'running' || cluster.reuniting) return;
    if (cluster.running.length === 0) return this.waitForSomeone();
    this.emptySinceMs = undefined;
    this.watchGroups();
    this.watchTarget(second);
    this.watchRetired();
  }

  /**
   * Says that there was no master from the end of the known seconds up to now, and fills in the users that ran meanwhile.
   * @returns the present second
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
      `There was no master from about ${from} to ${formatDuration(elapsedMs)}, when another master resumed it. The workers went on by their share of the plan, and what they counted meanwhile is in the report.`,
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
      this.say(
        `No worker is left to run the users. The run waits ${limit} for one to join at ${run.link.address}.`,
      );
    this.emptySinceMs ??= masterNowMs();
    run.notes.add(
      'users-unplaced',
      'For a time there was no worker left to run the users.',
      'users-unplaced',
    );
    if (masterNowMs() - this.emptySinceMs < EMPTY_LIMIT_MS) return;
    this.say(`No worker has joined within ${limit}: the run ends.`);
    run.stop(
      'workers-left',
      `Every worker has left, and none joined within ${limit}: the run was ended early.`,
    );
  }

  /** Says if there are more series than are told apart, and about how many. */
  watchSeries(): void {
    const { aggregate, notes, plan } = this.run;
    const distinct = aggregate.totals.distinctSeries;
    if (distinct === undefined) return;
    notes.add(
      'series-limit',
      `There were about ${Number(distinct.toPrecision(2))} different series (names, methods and tags of requests); ${plan!.maxSeries} are told apart, and the requests of the others are counted as '(other)'. Totals are exact; a series that is told apart may have requests there, too. The usual cause are ids in URLs: give such requests one name with \`name:\`, or raise --max-series.`,
      'series-limit',
    );
  }

  /** Ends a run whose requests never reach the target. */
  private watchTarget(second: number): void {
    const { run } = this;
    if (run.options.keepGoing === true) return;
    const why = run.aggregate.target.whyHopeless(second);
    if (why === undefined) return;
    this.say(why);
    run.notes.add('target-down', why);
    run.stop('target-down');
  }

  /** Ends the run when every user that it will ever have has ended by itself. */
  private watchRetired(): void {
    const { aggregate, dispatch, notes, users } = this.run;
    const { notStarted, stopped } = retiredUsers(aggregate.totals);
    if (notStarted + stopped === 0) return;
    noteRetiredUsers(notes, aggregate.totals);
    const isOver = users === 0 && notStarted + stopped >= peakUsers(dispatch!.load);
    this.idleSeconds = isOver ? this.idleSeconds + 1 : 0;
    if (this.idleSeconds < IDLE_SECONDS) return;
    this.say('Every user has ended by itself: the run ends.');
    this.run.stop('planned', `Every user had ended by itself, so the run ended ${this.run.howFar}.`);
  }

  private watchGroups(): void {
    for (const group of this.run.dispatch!.unservedGroups) {
      this.run.notes.add(
        'users-unplaced',
        `For a time there was no lane left to run the users of lane group '${group}'.`,
        `users-unplaced ${group}`,
      );
    }
  }
}
