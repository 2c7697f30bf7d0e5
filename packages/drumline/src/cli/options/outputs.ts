import { pathOrOff } from './values.js';

const group = 'Output:';

/** Options for the output of a run. */
export const outputOptions = {
  json: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Write the result as JSON to this file; - is stdout',
  },
  html: pathOrOff('html', {
    group,
    describe: 'Write the HTML report to this file; --no-html turns it off',
    defaultDescription: 'drumline-SCENARIO-TIME.html',
  }),
  csv: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Write CSV files: PREFIX_stats.csv, _stats_history.csv, _failures.csv, _exceptions.csv',
  },
  quiet: {
    type: 'boolean',
    default: false,
    group,
    describe: 'Print only errors and the paths of the reports',
  },
} as const;
