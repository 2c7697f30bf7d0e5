import { PROGRESS_SYMBOL } from '../progress-symbol.js';

/**
 * Counts tasks that begin and requests that end. While it grows, no single piece of the scenario's
 * code holds the lane up, whatever runs at the moment of a look.
 */
export const progress = { count: 0 };

Object.assign(globalThis, { [Symbol.for(PROGRESS_SYMBOL)]: progress });
