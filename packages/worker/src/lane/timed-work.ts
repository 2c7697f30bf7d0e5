import { InterruptedError, isInterrupted } from '@drumline/drivers';
import { messageOf, type Outcome } from '@drumline/model';
import type { CustomSample, RequestName } from '@drumline/scenario';
import { isUnwinding } from './unwinding.js';

/** The user whose work is timed. */
export interface WorkOwner {
  readonly isCut: boolean;
  now(): number;
  count(sample: CustomSample, outcome: Outcome, lateMs: number): void;
  /** @returns a function that unregisters the action */
  onCut(action: () => void): () => void;
}

/**
 * Runs work and counts it as one sample. It has passed if it resolves, failed if it throws, and was
 * interrupted if the run cuts it off. Work that ends with `iteration.end()` or similar has passed.
 * @param lateMs how late its iteration began
 * @throws what the work throws
 */
export async function timeWork<T>(
  owner: WorkOwner,
  what: RequestName,
  work: () => T | Promise<T>,
  lateMs = 0,
): Promise<T> {
  if (owner.isCut) throw new InterruptedError();
  const startedMs = owner.now();
  let counted = false;
  const count = (outcome: Outcome, failure?: string): void => {
    if (counted) return;
    counted = true;
    const durationMs = owner.now() - startedMs;
    owner.count({ ...what, durationMs, ...(failure === undefined ? {} : { failure }) }, outcome, lateMs);
  };
  const forget = owner.onCut(() => count('interrupted'));
  try {
    const result = await work();
    count('passed');
    return result;
  } catch (error) {
    if (isInterrupted(error)) count('interrupted');
    else if (isUnwinding(error)) count('passed');
    else count('failed', messageOf(error));
    throw error;
  } finally {
    forget();
  }
}
