import { createRequire } from 'node:module';

/** The version of Drumline, as its packages say. */
export const VERSION: string = (createRequire(import.meta.url)('../package.json') as { version: string })
  .version;
