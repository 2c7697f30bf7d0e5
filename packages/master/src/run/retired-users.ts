import { RETIRED_USERS } from '@drumline/model';
import type { MetricTotals } from '@drumline/stats';
import type { Notebook } from './notebook.js';

/** Notes how many users the load lacks because they ended by themselves. */
export function noteRetiredUsers(notes: Pick<Notebook, 'add'>, metrics: readonly MetricTotals[]): void {
  const sumOf = (name: string): number =>
    metrics.reduce(
      (sum, metric) => (metric.kind === 'counter' && metric.name === name ? metric.sum : sum),
      0,
    );
  const notStarted = sumOf(RETIRED_USERS.notStarted);
  if (notStarted > 0) {
    notes.add(
      'users-not-started',
      `${countOf(notStarted)} did not start, as onStart failed; the load lacked them from then on. The exceptions of onStart say why, and onFailure what follows a failure.`,
      'users-not-started',
    );
  }
  const stopped = sumOf(RETIRED_USERS.stopped);
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
