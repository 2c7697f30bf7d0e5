import { isCountedFailure, isInterrupted, lacksTarget } from '@drumline/drivers';
import { isUnwinding } from './unwinding.js';

/**
 * Classifies a value that user code has thrown.
 * - `known`: caused by the run, or a failure that is already counted
 * - `no-target`: a relative URL without a target
 * - `exception`: anything else, even a value that throws when it is read
 */
export function kindOfThrown(thrown: unknown): 'known' | 'no-target' | 'exception' {
  try {
    if (isInterrupted(thrown) || isCountedFailure(thrown) || isUnwinding(thrown)) return 'known';
    return lacksTarget(thrown) ? 'no-target' : 'exception';
  } catch {
    return 'exception';
  }
}
