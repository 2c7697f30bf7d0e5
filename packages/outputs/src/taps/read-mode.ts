import type { OptionReader } from '../option-reader.js';

/** The permissions of a file: option `mode`, three octal digits. Default: only for its owner. */
export function readMode(options: OptionReader): number {
  const mode = options.text('mode', '600');
  if (!/^[0-7]{3}$/.test(mode)) options.problem('option mode must be three octal digits, such as 660');
  return Number.parseInt(mode, 8);
}
