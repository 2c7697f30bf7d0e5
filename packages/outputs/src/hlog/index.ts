import { OptionReader } from '../option-reader.js';
import type { OutputFactory } from '../output.js';
import { HlogOutput } from './output.js';

/** A log that the tools of HdrHistogram read. */
export const hlog: OutputFactory = {
  name: 'hlog',
  help: {
    text: 'Write response times as a log of HdrHistogram, for its own tools',
    example: 'hlog=times.hlog',
    options: [
      {
        name: 'times',
        text: 'response, or service: from the call, even if an iteration began late',
        standard: 'response',
      },
    ],
  },
  create: (spec) => {
    const options = new OptionReader(spec);
    const path = options.requireUrl('hlog=times.hlog');
    const times = options.choice('times', ['response', 'service'], 'response');
    options.done();
    return new HlogOutput(path, times);
  },
};
