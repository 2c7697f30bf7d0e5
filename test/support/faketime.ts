import { existsSync, writeFileSync } from 'node:fs';

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`,
);
const library = LIBRARIES.find((path) => existsSync(path));

/** Whether libfaketime is installed. */
export const canFakeTime = library !== undefined;

/**
 * The environment of a process whose wall clock is off by the offset in a file. The monotonic clock
 * is not changed.
 */
export function wrongClock(file: string, offset: string): NodeJS.ProcessEnv {
  setClock(file, offset);
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

/** Steps the wall clock. @param offset such as `+1h` or `-30m`; `+0` is the real time */
export function setClock(file: string, offset: string): void {
  writeFileSync(file, `${offset}\n`);
}
