/** Where runs are kept unless told otherwise: in the working directory. */
const DEFAULT_DATA_DIR = '.drumline';

/** For the commands that look at past runs. */
export const dataDirOption = {
  'data-dir': {
    type: 'string',
    requiresArg: true,
    default: DEFAULT_DATA_DIR,
    describe: 'The directory that runs are kept in',
  },
} as const;
