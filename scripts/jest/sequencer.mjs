import Sequencer from '@jest/test-sequencer';

/** Directories whose files run whole processes, and take longest. */
const LONG = ['/test/fault/', '/test/integration/'];

/**
 * Runs long test files first, so that none runs alone at the end. Otherwise keeps jest's order:
 * by last duration, or by file size if there is none, as in a fresh clone.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.some((folder) => path.includes(folder));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
