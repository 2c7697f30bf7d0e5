import type { OptionReader } from '../option-reader.js';
import type { OutputOption } from '../output.js';

/** The option of `readMode`. */
export const MODE_OPTION: OutputOption = {
  name: 'mode',
  text: 'Permissions, three octal digits',
  standard: '600',
};

/** The permissions of a file: option `mode`, three octal digits. Default: only for its owner. */
export function readMode(options: OptionReader): number {
  const mode = options.text('mode', '600');
  if (!/^[0-7]{3}$/.test(mode)) options.problem('option mode must be three octal digits, such as 660');
  return Number.parseInt(mode, 8);
}
