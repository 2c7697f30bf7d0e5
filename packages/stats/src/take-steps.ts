import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '@drumline/model';

/** Runs a long computation, one step in each turn of the event loop. */
export async function takeSteps<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
  }
}
