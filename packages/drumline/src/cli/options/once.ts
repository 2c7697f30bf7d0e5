import { MAX_WORKERS } from '@drumline/model';
import { onlyWith } from '../command.js';
import { outputOptions } from './outputs.js';
import { duration, optionError, wholeNumber } from './values.js';

const group = 'One run (--once):';
const { json, csv, junit, 'summary-md': summaryMd, upload } = outputOptions;

/** Options of a service that executes one run and ends with it. */
export const onceOptions = {
  once: {
    type: 'boolean',
    default: false,
    group,
    describe: 'Execute one run, which is submitted, and exit with its exit code',
  },
  'submit-within': duration('submit-within', {
    group,
    default: '10m',
    describe: 'Exit with code 23 if no run was submitted by then',
  }),
  linger: duration('linger', {
    group,
    default: '10m',
    describe:
      'How long the control API stays after the end of the run, so that its results can be fetched; POST /v1/finish ends it earlier',
  }),
  ...onlyWith('once', {
    'expect-workers': wholeNumber(
      'expect-workers',
      1,
      { group, describe: 'Start when this many workers are ready; more may join', defaultDescription: '1' },
      MAX_WORKERS,
    ),
    'expect-workers-max-wait': duration('expect-workers-max-wait', {
      group,
      describe: 'How long to wait for the expected workers before the run fails',
      defaultDescription: 'wait forever',
    }),
    json: { ...json, group },
    html: {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Write the HTML report to this file',
    },
    csv: { ...csv, group },
    junit: { ...junit, group },
    'summary-md': { ...summaryMd, group },
    upload: { ...upload, group },
  }),
} as const;

/** Options that mean nothing for a master that executes many runs. */
const NEED_ONCE = {
  expectWorkers: 'expect-workers',
  expectWorkersMaxWait: 'expect-workers-max-wait',
  json: 'json',
  html: 'html',
  csv: 'csv',
  junit: 'junit',
  summaryMd: 'summary-md',
  upload: 'upload',
} as const;

/** @throws DrumlineError `usage` if an option needs --once, which is not set */
export function requireOnce(
  args: Readonly<Record<keyof typeof NEED_ONCE, unknown>> & { once: boolean },
): void {
  if (args.once) return;
  for (const [name, option] of Object.entries(NEED_ONCE))
    if (args[name as keyof typeof NEED_ONCE] !== undefined)
      throw optionError(option, 'is for a master that executes one run', 'Add --once.');
}
