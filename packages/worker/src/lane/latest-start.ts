import type { StartDelay } from '@drumline/drivers';

/**
 * The delay of the user whose iteration began last. For a client that all users share, whose calls
 * do not tell their user.
 */
export class LatestStart implements StartDelay {
  user: StartDelay | undefined;

  get startDelayMs(): number {
    return this.user?.startDelayMs ?? 0;
  }

  set startDelayMs(delayMs: number) {
    if (this.user) this.user.startDelayMs = delayMs;
  }
}
