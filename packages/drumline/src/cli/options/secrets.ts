import { optionError } from './values.js';

const group = 'Secrets (secrets.NAME in the scenario):';

/** Options for secrets: values that the scenario can read and that no output shows. */
export const secretOptions = {
  secret: {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe:
      'NAME reads the environment variable NAME; NAME=VALUE is visible to everyone who lists processes',
    read: (value: unknown): string[] => [value].flat().map(String),
  },
  'secrets-file': {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'File with lines NAME=VALUE',
    read: (value: unknown): string => {
      if (typeof value === 'string' && value !== '') return value;
      throw optionError('secrets-file', 'a path is required');
    },
  },
} as const;
