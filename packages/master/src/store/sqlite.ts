import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type sqlite from 'node-sqlite3-wasm';

const require = createRequire(import.meta.url);

/**
 * V8’s tiering budget: bytes of a function that run before it is optimized. A hundred times the
 * default of Node.js 20.
 */
const OPTIMISE_AFTER_BYTES = 180_000_000;

/**
 * Loads SQLite on demand, because many masters never use it. The budget keeps V8 from optimizing
 * its largest functions early, which would cost a third of a second of CPU and pays off only for a
 * busy store.
 */
export function loadSqlite(): typeof sqlite {
  setFlagsFromString(`--wasm-tiering-budget=${OPTIMISE_AFTER_BYTES}`);
  return require('node-sqlite3-wasm') as typeof sqlite;
}
