import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import type { SampleOrder } from '@drumline/worker';
import { formatOf, headerOf, SAMPLE_ENDINGS } from '@drumline/worker/samples';
import { optionError, wholeNumber } from './values.js';

const group = 'Output:';
const DEFAULT_LIMIT = 1_000_000;

/** Options of the file with a line for each request, for processes that start lanes. */
export const sampleOptions = {
  samples: {
    type: 'string',
    requiresArg: true,
    group,
    describe: `Write a line for each request to this file (${SAMPLE_ENDINGS.join(', ')})`,
  },
  'samples-share': {
    type: 'number',
    requiresArg: true,
    group,
    default: 1,
    describe: 'The part of the requests that --samples writes, chosen at random: 0.01 is 1 %',
    read: (value: unknown): number => {
      if (typeof value === 'number' && value > 0 && value <= 1) return value;
      throw optionError('samples-share', 'must be a number above 0, and at most 1');
    },
  },
  'samples-limit': wholeNumber('samples-limit', 1, {
    group,
    default: DEFAULT_LIMIT,
    describe: 'The most lines that --samples writes; further requests are counted in a note',
  }),
} as const;

/**
 * Creates the file of samples, with its header. An existing file is overwritten.
 * @param workers how many workers write to it
 * @throws DrumlineError if its ending is unknown, or it cannot be written
 */
export function createSampleFile(
  args: {
    readonly samples?: string | undefined;
    readonly samplesShare: number;
    readonly samplesLimit: number;
  },
  workers = 1,
): SampleOrder | undefined {
  if (args.samples === undefined) return undefined;
  const format = formatOf(args.samples);
  if (format === undefined) {
    throw optionError(
      'samples',
      `the name '${args.samples}' does not say the format`,
      `End it with ${SAMPLE_ENDINGS.join(', ')}.`,
    );
  }
  const path = resolve(args.samples);
  try {
    writeFileSync(path, headerOf(format));
  } catch (error) {
    throw new DrumlineError('output-unwritable', `--samples ${args.samples}: ${messageOf(error)}`);
  }
  return { path, share: args.samplesShare, limit: Math.ceil(args.samplesLimit / workers) };
}
