import type { Millis } from '@drumline/model';

const FIRST_MS = 500;
const MOST_MS = 10_000;

/** The pause after some failures in a row: 0.5 s, doubled up to 10 s, less up to a quarter. */
export function backOffMs(failures: number, random: () => number = Math.random): Millis {
  const ms = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return ms * (1 - random() / 4);
}
