import type { IntervalState } from '@drumline/stats';

/** The planned number of users of a run. Loads with a rate plan starts, and no number of users. */
export class PlannedUsers {
  private isPlanned = false;

  /** @returns undefined until the load has asked for a number of users */
  of({ plannedUsers, plannedRate }: IntervalState): number | undefined {
    this.isPlanned ||= plannedUsers > 0 || plannedRate === undefined;
    return this.isPlanned ? plannedUsers : undefined;
  }
}
