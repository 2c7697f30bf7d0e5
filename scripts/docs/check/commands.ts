import { readFileSync } from 'node:fs';
import type { Command } from '../../../packages/drumline/dist/cli/command.js';
import type { Code } from './pages.js';

const CLI = new URL('../../../../packages/drumline/dist/cli/', import.meta.url);
const { COMMANDS, GROUPS } = (await import(
  new URL('commands/index.js', CLI).href
)) as typeof import('../../../packages/drumline/dist/cli/commands/index.js');
const { commandName } = (await import(
  new URL('command.js', CLI).href
)) as typeof import('../../../packages/drumline/dist/cli/command.js');

const SHELL = new Set(['sh', 'bash', 'console', 'shell', 'yaml', 'yml', 'groovy', 'inline']);
const GLOBAL_OPTIONS = ['--config', '--help', '-h', '--version'];

/** Commands, options and npm scripts in pages that do not exist. */
export function unknownCommands(codes: readonly Code[]): string[] {
  return codes
    .filter(({ language }) => SHELL.has(language))
    .flatMap(({ file, line, text }) =>
      [...drumlineProblems(text), ...npmProblems(text)].map(
        ({ at, problem }) => `${file}:${line + at}: ${problem}`,
      ),
    );
}

/** A call of the program, up to the next command on the line. `-n drumline` is a namespace. */
const CALL =
  /(?<![\w/.-]|-n |namespace |service |helm )drumline ((?:(?! {2,}(?:npx )?drumline)[^|;&`)\n])*)/g;

interface Found {
  /** Lines below the first one of the code. */
  readonly at: number;
  readonly problem: string;
}

function drumlineProblems(text: string): Found[] {
  return logicalLines(text).flatMap(({ at, line }) =>
    [...withoutQuotes(line).matchAll(CALL)].flatMap(([, call]) => {
      const problem = problemOf(call!.replace(/\s#.*$/, '').trim());
      return problem === undefined ? [] : [{ at, problem }];
    }),
  );
}

/** The problem with the arguments after `drumline`, or undefined. */
function problemOf(call: string): string | undefined {
  const words = call.split(/\s+/).map((word) => word.replaceAll(/^["'[]+|["',\]]+$/g, ''));
  const first = words[0] ?? '';
  if (!/^[a-z][a-z-]*$/.test(first)) return undefined;
  if (first === 'help') return undefined;
  if (words.length === 1 && first in GROUPS) return undefined;
  const command = COMMANDS.find((candidate) =>
    commandName(candidate)
      .split(' ')
      .every((part, index) => words[index] === part),
  );
  if (command === undefined) return `unknown command: drumline ${words.slice(0, 2).join(' ')}`;
  const unknown = words.filter((word) => /^--?[a-zA-Z]/.test(word) && !isOption(command, word));
  return unknown.length === 0 ? undefined : `drumline ${commandName(command)} has no ${unknown.join(', ')}`;
}

function isOption({ options }: Command, word: string): boolean {
  const name = word.replace(/=.*$/, '');
  if (GLOBAL_OPTIONS.includes(name)) return true;
  return Object.entries(options).some(
    ([long, { alias }]) =>
      name === `--${long}` ||
      name === `--no-${long}` ||
      (alias !== undefined && name.startsWith(`-${String(alias)}`) && !name.startsWith('--')),
  );
}

function npmProblems(text: string): Found[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  return logicalLines(text).flatMap(({ at, line }) =>
    [...line.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)]
      .filter(([, name]) => scripts[name!] === undefined)
      .map(([, name]) => ({ at, problem: `unknown npm script: ${name}` })),
  );
}

/** Removes arguments in quotes, which may contain options of other programs. */
function withoutQuotes(line: string): string {
  return line.replaceAll(/'[^']*'|"[^"]*"/g, 'quoted');
}

/** Lines of a shell, where a backslash at the end continues one. */
function logicalLines(text: string): { at: number; line: string }[] {
  const lines: { at: number; line: string }[] = [];
  let open = false;
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\\$/, '');
    if (open) lines[lines.length - 1]!.line += ` ${line}`;
    else lines.push({ at, line });
    open = raw.endsWith('\\');
  }
  return lines;
}
