import { OptionReader } from '../../option-reader.js';
import type { OutputFactory } from '../../output.js';
import { MODE_OPTION, readMode } from '../read-mode.js';
import { TapOutput } from '../tap-output.js';
import { ShmSink } from './shm-sink.js';

const EXAMPLE = 'tap-shm=drumline';
const KILOBYTE = 1_024;

/** Shared memory with the newest records. */
export const tapShm: OutputFactory = {
  name: 'tap-shm',
  help: {
    text: 'Show the newest records of the run in shared memory, for readers without parsing',
    example: EXAMPLE,
    options: [
      { name: 'kilobytes', text: 'The most bytes of a second in JSON', standard: '2048' },
      MODE_OPTION,
      { name: 'remove', text: 'Remove the memory at the end of the run' },
    ],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const name = options.requireUrl(EXAMPLE);
    if (/\/|^\./.test(name)) options.problem('the name of shared memory has no / and no . at its start');
    const kilobytes = options.wholeNumber('kilobytes', { min: 1, max: 1_000_000 }, 2_048);
    const mode = readMode(options);
    const remove = options.flag('remove');
    options.done();
    return new TapOutput(new ShmSink(name, { capacity: kilobytes * KILOBYTE, mode, remove }));
  },
};
