import { optionError } from './values.js';

/** The option for the labels of a run. It can be repeated. */
export const labelOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  group: 'Output:',
  describe: 'NAME=VALUE, shown in the report and stored in the result: --label build=1841',
  read: (value: unknown): Record<string, string> =>
    Object.fromEntries([value].flat().map((text) => labelOf(String(text)))),
} as const;

function labelOf(text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
  if (name === undefined)
    throw optionError('label', `'${text}' is not NAME=VALUE`, 'Write --label build=1841.');
  return [name.trim(), value!.trim()];
}
