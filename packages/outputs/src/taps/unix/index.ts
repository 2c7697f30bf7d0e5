import { OptionReader } from '../../option-reader.js';
import type { OutputFactory } from '../../output.js';
import { MODE_OPTION, readMode } from '../read-mode.js';
import { TapOutput } from '../tap-output.js';
import { UnixSink } from './unix-sink.js';

const EXAMPLE = 'tap-unix=/run/drumline.sock';
/** Linux has 108 bytes with the final zero, macOS 104. A run id has 36. */
const MAX_PATH_BYTES = 103;
const RUN_ID_BYTES = 36;

/** A Unix socket that sends records to all who connect. */
export const tapUnix: OutputFactory = {
  name: 'tap-unix',
  help: {
    text: 'Send records of the run to programs that connect to a Unix socket',
    example: EXAMPLE,
    options: [
      { name: 'keep', text: 'Records that are kept for readers that come later', standard: '600' },
      MODE_OPTION,
    ],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const path = options.requireUrl(EXAMPLE);
    const keep = options.wholeNumber('keep', { min: 1, max: 100_000 }, 600);
    const mode = readMode(options);
    const length = Buffer.byteLength(path.replaceAll('{run}', '-'.repeat(RUN_ID_BYTES)));
    if (length > MAX_PATH_BYTES)
      options.problem(`the path of a Unix socket has ${MAX_PATH_BYTES} bytes at most, this one ${length}`);
    options.done();
    return new TapOutput(new UnixSink(path, keep, mode));
  },
};
