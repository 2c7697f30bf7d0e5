import { pathOrOff } from './values.js';

const group = 'Output:';

/** What is shown and written of a run. */
export const outputOptions = {
  json: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Write the result as JSON to this file; - is stdout',
  },
  html: pathOrOff('html', {
    group,
    describe: 'Write the HTML report to this file; --no-html for none',
    defaultDescription: 'drumline-SCENARIO-TIME.html',
  }),
  csv: {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Write PREFIX_stats.csv, _stats_history.csv, _failures.csv, _exceptions.csv',
  },
  quiet: { type: 'boolean', default: false, group, describe: 'Show only errors and where the result is' },
} as const;
