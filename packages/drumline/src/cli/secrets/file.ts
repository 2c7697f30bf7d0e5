import { readPrivateFile } from '../credentials/private-files.js';
import type { NamedValue } from './read.js';

/**
 * Reads a file of `NAME=VALUE` lines. Empty lines and those that begin with `#` are passed over; a
 * value may stand in single quotes, taken literally, or in double quotes, in which `\n`, `\"` and
 * `\\` mean what they do in JSON.
 * @throws DrumlineError `usage` if it cannot be read; a file that others can read is used with a
 *   warning
 */
export function readSecretsFile(path: string, problem: (text: string) => void): NamedValue[] {
  const values: NamedValue[] = [];
  readPrivateFile('secrets-file', path)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      const where = `${path}:${index + 1}`;
      if (/^\s*(?:#.*)?$/.test(line)) return;
      const [, name, text] = /^\s*(?:export\s+)?([^\s=]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      const value = text === undefined ? undefined : unquote(text);
      // What the line holds is not repeated: it may be a secret.
      if (name === undefined || text === undefined) problem(`${where}: is not a line NAME=VALUE`);
      else if (value === undefined) problem(`${where}: the quotes of ${name} do not end where the line does`);
      else values.push({ name, value, where: `${where}: ${name}` });
    });
  return values;
}

function unquote(text: string): string | undefined {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  if (quote === "'") return /^'([^']*)'$/.exec(text)?.[1];
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
