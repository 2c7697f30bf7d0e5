import { PROGRESS_SYMBOL } from '../progress-symbol.js';

/**
 * Counts started tasks and finished requests. While it grows, no single piece of user code blocks
 * the lane.
 */
export const progress = { count: 0 };

Object.assign(globalThis, { [Symbol.for(PROGRESS_SYMBOL)]: progress });
