import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';

const group = 'Output:';

/** Where runs are kept unless told otherwise. */
const DEFAULT_DATA_DIR = '.drumline';

/** What is kept of a run while it goes on, so that neither a master's death nor time takes it away. */
export const storeOptions = {
  'data-dir': {
    type: 'string',
    requiresArg: true,
    group,
    describe: 'Where runs are kept, see `drumline runs`',
    defaultDescription: DEFAULT_DATA_DIR,
  },
  store: { type: 'boolean', default: true, group, describe: 'Keep the run; with --no-store nothing is kept' },
} as const;

/** Where commands look for runs that were kept. */
export const keptRunsOptions = {
  'data-dir': {
    type: 'string',
    requiresArg: true,
    default: DEFAULT_DATA_DIR,
    describe: 'The directory that runs are kept in',
  },
} as const;

/**
 * The directory to keep a run in, made if it is not there; `null` for none.
 * @throws DrumlineError `output-unwritable` if the directory that was asked for cannot be written
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
  const problem = whyUnwritable(directory);
  if (problem === undefined) return directory;
  if (dataDir === undefined) {
    console.error(`warning: the run is not kept: ${problem}; name a directory with --data-dir`);
    return null;
  }
  throw new DrumlineError(
    'output-unwritable',
    `--data-dir ${dataDir}: ${problem}`,
    'Nothing was started. Choose another directory, or keep nothing with --no-store.',
  );
}

function whyUnwritable(directory: string): string | undefined {
  try {
    const runs = join(directory, 'runs');
    mkdirSync(runs, { recursive: true });
    accessSync(runs, constants.W_OK);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
