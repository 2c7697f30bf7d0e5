import { messageOf, stackOf } from '@drumline/model';
import { tidyStack } from '@drumline/scenario/runtime';
import { kindOfMessage } from '@drumline/stats';

/** Number of different exceptions whose stacks are cached. */
const MAX_REMEMBERED = 1_000;

/**
 * Caches the stacks of exceptions, one for each kind. Reading a stack costs about as much as a
 * hundred requests, because it is mapped to the source.
 */
export class ThrownStacks {
  private readonly known = new Map<string, string>();

  describe(user: string, task: string, error: unknown): { message: string; stack: string } {
    const message = messageOf(error);
    const key = JSON.stringify([user, task, kindOfMessage(message)]);
    let stack = this.known.get(key);
    if (stack === undefined) {
      stack = tidyStack(stackOf(error));
      if (this.known.size < MAX_REMEMBERED) this.known.set(key, stack);
    }
    return { message, stack };
  }
}
