import { OptionReader } from '../../option-reader.js';
import type { OutputFactory } from '../../output.js';
import { TapOutput } from '../tap-output.js';
import { FileSink } from './file-sink.js';

const EXAMPLE = 'tap-file=tap';
const MEGABYTE = 1_000_000;

/** Files of records, of which the newest are at fixed names. */
export const tapFile: OutputFactory = {
  name: 'tap-file',
  help: {
    text: 'Write records of the run as lines of JSON into a directory, and the newest as latest.json',
    example: EXAMPLE,
    options: [
      { name: 'megabytes', text: 'Size at which the next file begins', standard: '64' },
      { name: 'files', text: 'Files of a run that are kept', standard: '10' },
    ],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const directory = options.requireUrl(EXAMPLE);
    const megabytes = options.wholeNumber('megabytes', { min: 1, max: 10_000 }, 64);
    const keep = options.wholeNumber('files', { min: 1, max: 10_000 }, 10);
    options.done();
    return new TapOutput(new FileSink(directory, { maxBytes: megabytes * MEGABYTE, keep }));
  },
};
