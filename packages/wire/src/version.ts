import { createRequire } from 'node:module';

/** The version of Drumline, from the package's manifest. */
export const VERSION: string = (createRequire(import.meta.url)('../package.json') as { version: string })
  .version;
