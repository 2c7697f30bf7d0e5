import type { OutputFactory } from '../output.js';
import { OptionReader } from '../option-reader.js';
import { NdjsonOutput } from './output.js';

/** A file with a line of JSON for each second. */
export const ndjson: OutputFactory = {
  name: 'ndjson',
  help: {
    text: 'Write each second as a line of JSON, with totals and all series',
    example: 'ndjson=seconds.ndjson',
    options: [{ name: 'append', text: 'Keep the lines of earlier runs, instead of replacing them' }],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const path = options.requireUrl('ndjson=seconds.ndjson');
    const append = options.flag('append');
    options.done();
    return new NdjsonOutput(path, append);
  },
};
