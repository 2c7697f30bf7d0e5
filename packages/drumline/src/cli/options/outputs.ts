import { readDestination } from '../upload/destination.js';
import { pathOrOff } from './values.js';

const group = 'Output:';

/** Options for files that CI systems show. */
export function ciOutputOptions<const G extends string | undefined>(inGroup?: G) {
  const named = inGroup === undefined ? {} : { group: inGroup };
  return {
    junit: {
      type: 'string',
      requiresArg: true,
      ...named,
      describe: 'Write the verdict, thresholds and checks as JUnit XML to this file',
    },
    'summary-md': {
      type: 'string',
      requiresArg: true,
      ...named,
      describe: 'Write a summary as Markdown to this file',
    },
  } as const;
}

/** The option of commands that end with a run. */
export const terminationOption = {
  type: 'string',
  requiresArg: true,
  group,
  describe:
    'Write the verdict and why to this file, as JSON of at most 4 KiB: /dev/termination-log in Kubernetes',
} as const;

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
    describe:
      'Write CSV files: PREFIX_stats.csv, _stats_history.csv, _failures.csv, _exceptions.csv, _statuses.csv, and _starts.csv for loads with a rate',
  },
  ...ciOutputOptions(group),
  upload: {
    type: 'string',
    requiresArg: true,
    group,
    describe:
      'Upload the reports at the end: s3://BUCKET/PREFIX with AWS_ACCESS_KEY_ID and the like in the environment, or one of them to a presigned https:// URL',
    read: (value: unknown) => readDestination(String(value), process.env),
  },
  quiet: {
    type: 'boolean',
    default: false,
    group,
    describe: 'Print only errors and the paths of the reports',
  },
} as const;
