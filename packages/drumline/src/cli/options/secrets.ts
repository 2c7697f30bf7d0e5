import { wrong } from './values.js';

const group = 'Secrets (secrets.NAME in the scenario):';

/** What the scenario may know, and nobody is shown. */
export const secretOptions = {
  secret: {
    type: 'string',
    array: true,
    requiresArg: true,
    group,
    describe:
      'NAME takes the value of that environment variable; NAME=VALUE is seen by everyone who lists processes',
    read: (value: unknown): string[] => [value].flat().map(String),
  },
  'secrets-file': {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'File of lines NAME=VALUE',
    read: (value: unknown): string => {
      if (typeof value === 'string' && value !== '') return value;
      throw wrong('secrets-file', 'a path is needed');
    },
  },
} as const;
