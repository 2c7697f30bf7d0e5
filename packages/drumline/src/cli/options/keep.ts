import { DrumlineError, parseDuration, type Millis } from '@drumline/model';
import { optionError } from './values.js';

/** Which runs a service keeps: a number of the newest, and those of a time. */
export interface Keep {
  readonly count?: number;
  readonly ageMs?: Millis;
}

/** The option for the runs that are kept. */
export const keepOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  group: 'Runs:',
  describe: 'How many ended runs are kept, or for how long; repeat it for both: --keep 100 --keep 30d',
  defaultDescription: '100',
  read: (value: unknown): Keep => Object.assign({}, ...[value].flat().map((one) => readKeep(String(one)))),
} as const;

function readKeep(text: string): Keep {
  if (/^\d{1,9}$/.test(text)) return { count: Number(text) };
  try {
    const days = /^(\d{1,4})d$/.exec(text)?.[1];
    return { ageMs: days === undefined ? parseDuration(text) : Number(days) * 24 * 3_600_000 };
  } catch (error) {
    if (!(error instanceof DrumlineError || error instanceof Error)) throw error;
    throw optionError(
      'keep',
      `'${text}' is neither a number of runs nor a time`,
      'Write --keep 100 or --keep 30d.',
    );
  }
}
