import { SHORT } from './options.js';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * The words of a curl config file (`--config`). Each line has an option, and its value after
 * whitespace, `=` or `:`.
 * @param takesValue whether the option with this long name has a value
 */
export function readConfig(text: string, takesValue: (name: string) => boolean): string[] {
  return text.split(/\r?\n/).flatMap((line): string[] => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const [, option = '', rest = ''] = /^(-[^-\s]|[^\s=:]+)(?:\s*[=:]\s*|\s*)([\s\S]*)$/.exec(trimmed) ?? [];
    const word = option.startsWith('-') ? option : `--${option}`;
    const name = word.startsWith('--') ? word.slice(2) : (SHORT[word.slice(1)] ?? '');
    return takesValue(name) ? [word, valueOf(rest)] : [word];
  });
}

function valueOf(text: string): string {
  const quoted = /^"((?:[^"\\]|\\[\s\S])*)"?/.exec(text)?.[1];
  if (quoted === undefined) return /^\S*/.exec(text)![0];
  return quoted.replaceAll(/\\([\s\S])/g, (_, one: string) => ESCAPES[one] ?? one);
}
