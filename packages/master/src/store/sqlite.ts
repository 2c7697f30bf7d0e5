import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type sqlite from 'node-sqlite3-wasm';

const require = createRequire(import.meta.url);

/** Bytes of a function that run before V8 optimises it, as V8 counts them: a hundred times what Node.js 20 has by default. */
const OPTIMISE_AFTER_BYTES = 180_000_000;

/**
 * SQLite, compiled when it is first asked for: a master writes its file in a thread of its own, and reads one only to take it up.
 * V8 would soon optimise its largest functions, which costs every master a third of a second of CPU; only one that stores a lot
 * has anything of that.
 */
export function loadSqlite(): typeof sqlite {
  setFlagsFromString(`--wasm-tiering-budget=${OPTIMISE_AFTER_BYTES}`);
  return require('node-sqlite3-wasm') as typeof sqlite;
}
