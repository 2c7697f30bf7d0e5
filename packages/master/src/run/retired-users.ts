import { RETIRED_USERS } from '@drumline/model';
import type { Totals } from '@drumline/stats';
import type { Notebook } from './notebook.js';

/** How many users have ended before the load wanted them to. */
export function retiredUsers(totals: Pick<Totals, 'counter'>): { notStarted: number; stopped: number } {
  return {
    notStarted: totals.counter(RETIRED_USERS.notStarted),
    stopped: totals.counter(RETIRED_USERS.stopped),
  };
}

/** Notes how many users the load lacks because they ended by themselves. */
export function noteRetiredUsers(notes: Pick<Notebook, 'add'>, totals: Pick<Totals, 'counter'>): void {
  const { notStarted, stopped } = retiredUsers(totals);
  if (notStarted > 0) {
    notes.add(
      'users-not-started',
      `${countOf(notStarted)} did not start, as onStart failed; the load lacked them from then on. The exceptions of onStart say why, and onFailure what follows a failure.`,
      'users-not-started',
    );
  }
  if (stopped > 0) {
    notes.add(
      'users-stopped',
      `${countOf(stopped)} stopped by the scenario's own wish (user.stop(), or onFailure: 'stop-user'), and no other took the place.`,
      'users-stopped',
    );
  }
}

function countOf(users: number): string {
  return users === 1 ? 'One user' : `${users} users`;
}
