import { RETIRED_USERS } from '@drumline/model';
import type { Totals } from '@drumline/stats';
import type { NoteCollector } from './note-collector.js';

/** How many users ended before the load asked for it. */
export function retiredUsers(totals: Pick<Totals, 'counter'>): { notStarted: number; stopped: number } {
  return {
    notStarted: totals.counter(RETIRED_USERS.notStarted),
    stopped: totals.counter(RETIRED_USERS.stopped),
  };
}

/**
 * Notes how many users the load lacks because they ended early.
 * @param ended how far the run was when it ended because no user was left; absent if others were
 */
export function noteRetiredUsers(
  notes: Pick<NoteCollector, 'add'>,
  totals: Pick<Totals, 'counter'>,
  ended?: string,
): void {
  const { notStarted, stopped } = retiredUsers(totals);
  if (notStarted > 0) {
    notes.add(
      'users-not-started',
      `${countOf(notStarted)} did not start because onStart failed. The load was short of them from then on. See the exceptions of onStart for the cause. The option onFailure decides what follows.`,
      'users-not-started',
    );
  }
  if (stopped > 0) {
    const consequence =
      ended === undefined
        ? 'Stopped users are not replaced.'
        : `No user was left, so the run ended ${ended}.`;
    notes.add(
      'users-stopped',
      `${countOf(stopped)} stopped (user.stop(), onFailure: 'stop-user', or no row of test data was left). ${consequence}`,
      'users-stopped',
    );
  }
}

function countOf(users: number): string {
  return users === 1 ? 'One user' : `${users} users`;
}
