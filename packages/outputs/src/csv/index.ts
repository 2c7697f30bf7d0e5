import { OptionReader } from '../option-reader.js';
import type { OutputFactory } from '../output.js';
import { CsvOutput } from './output.js';

/** A CSV file with a row for each series and second. */
export const csv: OutputFactory = {
  name: 'csv',
  help: {
    text: 'Write a CSV file with a row for each series and second',
    example: 'csv=seconds.csv',
    options: [{ name: 'append', text: 'Keep the lines of earlier runs, instead of replacing them' }],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const path = options.requireUrl('csv=seconds.csv');
    const append = options.flag('append');
    options.done();
    return new CsvOutput(path, append);
  },
};
