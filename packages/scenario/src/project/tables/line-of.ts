import { closeSync, openSync, readSync } from 'node:fs';

/** The number of the line at an offset of a file, from 1. */
export function lineOf(path: string, offset: number): number {
  const bytes = Buffer.allocUnsafeSlow(offset);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, offset, 0);
  } finally {
    closeSync(file);
  }
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) line += 1;
  return line;
}
