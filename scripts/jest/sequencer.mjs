import Sequencer from '@jest/test-sequencer';

/** Folders whose files run whole processes, and take longest. */
const LONG = ['/test/fault/', '/test/integration/'];

/**
 * Begins with what takes long, so that no file is left alone at the end. Within that, jest's own order: by the durations of the last
 * time, and by size where there was none, as in a fresh clone.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.some((folder) => path.includes(folder));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
