import type { ShellText } from './shell.js';
import { ShellVariables } from './variables.js';

/**
 * Whether a text is for the command prompt of Windows: carets before quotes or at the ends of
 * lines.
 */
export function isForCmd(text: string): boolean {
  return /\^"|\^[ \t]*\r?\n/.test(text);
}

/** Takes a text apart as the command prompt of Windows and then a C program would. */
export function readCmd(text: string): ShellText {
  const commands = unescapeCarets(text)
    .map(readArguments)
    .filter((words) => words.length > 0);
  return {
    commands: commands.map((words, index) => ({ words, line: index + 1 })),
    // `%NAME%` stays unchanged: percent signs are common in URLs.
    variables: new ShellVariables(text),
    problems: [],
  };
}

/**
 * What the prompt makes of its escapes: `^x` is x, `^` at the end of a line joins it to the next;
 * quotes protect carets.
 */
function unescapeCarets(text: string): string[] {
  const commands = [''];
  let quoted = false;
  const source = text.replaceAll('\r\n', '\n');
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at]!;
    if (character === '^' && !quoted) {
      at += 1;
      // Two line ends after a caret are one in the text.
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

/**
 * Arguments as the C runtime of Windows takes them apart: `\"` is a quote, `""` within quotes, too.
 */
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
