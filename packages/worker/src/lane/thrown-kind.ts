import { isCountedFailure, isInterrupted, lacksTarget } from '@drumline/drivers';
import { isUnwinding } from './unwinding.js';

/**
 * What a value that user code has thrown stands for.
 * - `known`: the run's own doing, or a failure that is counted already
 * - `no-target`: a relative URL without a target
 * - `exception`: anything else, also a value that throws when it is read
 */
export function kindOfThrown(thrown: unknown): 'known' | 'no-target' | 'exception' {
  try {
    if (isInterrupted(thrown) || isCountedFailure(thrown) || isUnwinding(thrown)) return 'known';
    return lacksTarget(thrown) ? 'no-target' : 'exception';
  } catch {
    return 'exception';
  }
}
