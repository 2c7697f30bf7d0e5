import { wrong } from './values.js';

/** What people call a run by; several may be given. */
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
  if (name === undefined) throw wrong('label', `'${text}' is not NAME=VALUE`, 'Write --label build=1841.');
  return [name.trim(), value!.trim()];
}
