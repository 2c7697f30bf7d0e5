import type { ShellText } from './shell.js';
import { ShellVariables } from './variables.js';

/** Whether a text is for the Windows command prompt: it has carets before quotes or line ends. */
export function isForCmd(text: string): boolean {
  return /\^"|\^[ \t]*\r?\n/.test(text);
}

/** Parses commands as the Windows command prompt does, then arguments as its C runtime does. */
export function readCmd(text: string): ShellText {
  const commands = unescapeCarets(text)
    .map(readArguments)
    .filter((words) => words.length > 0);
  return {
    commands: commands.map((words, index) => ({ words, line: index + 1 })),
    // `%NAME%` is not expanded, because percent signs are common in URLs.
    variables: new ShellVariables(text),
    problems: [],
  };
}

/**
 * Removes caret escapes and splits commands. `^x` is `x`, and a caret at the end of a line
 * continues the line. Carets in quotes are literal.
 */
function unescapeCarets(text: string): string[] {
  const commands = [''];
  let quoted = false;
  const source = text.replaceAll('\r\n', '\n');
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at]!;
    if (character === '^' && !quoted) {
      at += 1;
      // A caret and two line ends stand for one line end.
      if (source[at] === '\n' && source[at + 1] !== '\n') continue;
      if (source[at] === '\n') at += 1;
      commands[commands.length - 1] += source[at] ?? '';
    } else if (!quoted && (character === '&' || character === '\n')) commands.push('');
    else {
      if (character === '"') quoted = !quoted;
      commands[commands.length - 1] += character;
    }
  }
  return commands;
}

/** Splits arguments as the Windows C runtime does: `\"` is a quote, and so is `""` in quotes. */
function readArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const [slashes] = /^\\*/.exec(line.slice(at))!;
    const next = line[at + slashes.length];
    if (slashes !== '') {
      word = (word ?? '') + (next === '"' ? '\\'.repeat(Math.floor(slashes.length / 2)) : slashes);
      at += slashes.length - 1;
      if (next === '"' && slashes.length % 2 === 1) {
        word += '"';
        at += 1;
      }
    } else if (next === '"') {
      word ??= '';
      if (quoted && line[at + 1] === '"') {
        word += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (/\s/.test(next!) && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + next!;
  }
  return word === undefined ? words : [...words, word];
}
