import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { makeDirectory } from '@drumline/wire/make-directory';

const group = 'Output:';

/** The default directory of stored runs. */
export const DEFAULT_DATA_DIR = '.drumline';

/** Options for storing a run while it is in progress. */
export const storeOptions = {
  'data-dir': {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Directory in which runs are stored; see `drumline runs`',
    defaultDescription: DEFAULT_DATA_DIR,
  },
  store: {
    type: 'boolean',
    default: true,
    group,
    describe: 'Store the run on disk; --no-store turns it off',
  },
} as const;

/** The option of commands that read stored runs. */
export const storedRunsOptions = {
  'data-dir': {
    type: 'string',
    requiresArg: true,
    default: DEFAULT_DATA_DIR,
    describe: 'Directory in which runs are stored',
  },
  from: {
    type: 'string',
    requiresArg: true,
    describe: 'Read runs from this database instead: postgres://USER@HOST/DATABASE',
  },
} as const;

/**
 * The directory in which to store a run, created if it does not exist; `null` if the run is not
 * stored.
 * @throws DrumlineError `output-unwritable` if an explicit directory cannot be written
 */
export function requireDataDir({
  dataDir,
  store,
}: {
  dataDir: string | undefined;
  store: boolean;
}): string | null {
  if (!store) return null;
  const directory = dataDir ?? DEFAULT_DATA_DIR;
  const problem = findProblem(directory);
  if (problem === undefined) return directory;
  if (dataDir === undefined) {
    console.error(`warning: the run is not stored: ${problem}; choose a directory with --data-dir`);
    return null;
  }
  throw new DrumlineError(
    'output-unwritable',
    `--data-dir ${dataDir}: ${problem}`,
    'Nothing was started. Choose another directory, or run without storing with --no-store.',
  );
}

function findProblem(directory: string): string | undefined {
  try {
    const runs = join(directory, 'runs');
    makeDirectory(runs);
    accessSync(runs, constants.W_OK);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
