import { readPrivateFile } from '../credentials/private-files.js';

/** A secret with the place where it was set, for messages. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly where: string;
}

/**
 * Reads a file of `NAME=VALUE` lines. Skips empty lines and comments, which begin with `#`. A value
 * in single quotes is literal. In double quotes, `\n`, `\"` and `\\` are escapes as in JSON. Warns
 * if other users can read the file.
 * @throws DrumlineError `usage` if the file cannot be read
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
      // The message does not repeat the line, which may contain a secret.
      if (name === undefined || text === undefined) problem(`${where}: the line is not NAME=VALUE`);
      else if (value === undefined)
        problem(`${where}: the closing quote of ${name} must be at the end of the line`);
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
