import { closest, DrumlineError } from '@drumline/model';
import { commandName, type Command } from './command.js';
import { COMMANDS, GROUPS } from './commands/index.js';
import { findOtherFile, hintForOption, looksLikeFile, translateCommand } from './other-tools.js';

/** Converts an error of yargs to a `DrumlineError` with a suggestion. */
export function explainUsageError(message: string, args: readonly string[]): DrumlineError {
  const command = COMMANDS.find((candidate) => wordsOf(candidate).every((word) => args.includes(word)));
  const group = command ? undefined : Object.keys(GROUPS).find((name) => name === args[0]);
  const name = command ? commandName(command) : group;
  const more = `drumline ${name === undefined ? '' : `${name} `}--help`;
  if (group !== undefined) return explainGroup(group, args, more);

  const file = command ? undefined : args.find(looksLikeFile);
  if (file !== undefined) return explainCommand(file, args, more);

  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/.exec(message)?.[1];
  if (unknown !== undefined) return explainUnknown(unknown.split(', '), args, command, more);
  const withoutValue = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (withoutValue !== undefined) {
    return new DrumlineError('usage', `${dashed(withoutValue)} needs a value`, `See ${more}.`);
  }
  if (message.startsWith('Not enough non-option arguments')) {
    const missing = command
      ? `drumline ${commandName(command)}: ${missingOf(command)} is missing`
      : 'a command is missing';
    return new DrumlineError('usage', missing, `See ${more}.`);
  }
  return new DrumlineError('usage', message.trim(), `See ${more}.`);
}

function explainUnknown(
  words: readonly string[],
  args: readonly string[],
  command: Command | undefined,
  more: string,
): DrumlineError {
  const [word] = words as [string];
  if (!command) return explainCommand(word, args, more);
  if (args.includes(word)) {
    return new DrumlineError(
      'usage',
      `drumline ${commandName(command)} does not accept the argument '${word}'`,
      findOtherFile(word) && word.includes('://') ? findOtherFile(word)!.hint : `See ${more}.`,
    );
  }
  // yargs lists an option twice: as written, and in camel case.
  const options = [...new Set(words.filter((one) => !args.includes(one)).map(kebab))];
  const name = `drumline ${commandName(command)}`;
  const explained = options.map((option) => explainOption(option, args, command));
  const whole = wholeCommand(args, command, options);
  return new DrumlineError(
    'usage',
    explained.map(({ written }) => `${name} has no option ${written}`).join('\n'),
    [
      ...explained.flatMap(({ hint }) => (hint === '' ? [] : [hint])),
      ...whole,
      `${more} lists all options.`,
    ].join(explained.length > 1 || whole.length > 0 ? '\n      ' : ' '),
  );
}

/** The first argument is a group, and the second is not a command of it. */
function explainGroup(group: string, [, word]: readonly string[], more: string): DrumlineError {
  const names = COMMANDS.map(wordsOf).flatMap(([first, second]) => (first === group ? [second!] : []));
  const all = names.map((name) => `drumline ${group} ${name}`).join(', ');
  if (word === undefined || word.startsWith('-'))
    return new DrumlineError(
      'usage',
      `drumline ${group}: a command is missing`,
      `There are ${all}. See ${more}.`,
    );
  const meant = closest(word, names);
  const hint = meant === undefined ? `There are ${all}. ` : `Did you mean ${group} ${meant}? `;
  return new DrumlineError(
    'usage',
    `unknown command '${group} ${word}'`,
    `${hint}${more} lists all commands.`,
  );
}

/** The first argument is not a command. */
function explainCommand(word: string, args: readonly string[], more: string): DrumlineError {
  if (!args.includes(word)) {
    const option = kebab(word);
    const other = hintForOption(option);
    const hint = other === undefined ? '' : `For drumline run: ${other}. `;
    return new DrumlineError(
      'usage',
      `unknown option ${dashed(option)}`,
      `${hint}${more} lists all commands.`,
    );
  }
  const other = findOtherFile(word);
  if (other) return new DrumlineError('usage', `${word} is ${other.what}`, other.hint);
  if (looksLikeFile(word)) {
    return new DrumlineError(
      'usage',
      `unknown command '${word}'`,
      `To run that scenario: ${translateCommand(args) ?? `drumline run ${word}`}`,
    );
  }
  const meant = closest(word, COMMANDS.flatMap(wordsOf));
  return new DrumlineError(
    'usage',
    `unknown command '${word}'`,
    `${didYouMean(meant)}${more} lists all commands.`,
  );
}

/** The translated command line, if every option has a counterpart. */
function wholeCommand(args: readonly string[], command: Command, options: readonly string[]): string[] {
  const isOtherTool = commandName(command) === 'run' && options.every((option) => hintForOption(option));
  const ours = isOtherTool ? translateCommand(args) : undefined;
  return ours === undefined ? [] : [`The whole command: ${ours}`];
}

function explainOption(
  first: string,
  args: readonly string[],
  command: Command,
): { readonly written: string; readonly hint: string } {
  const prefix = args.includes(`--no-${first}`) ? 'no-' : '';
  const owner = COMMANDS.find(({ options }) => Object.hasOwn(options, first));
  const whose = owner ? `It is an option of drumline ${commandName(owner)}. ` : '';
  const meant = closest(first, Object.keys(command.options).concat('config', 'help', 'version'));
  const other = hintForOption(prefix + first);
  const known = other === undefined ? whose : `${dashed(prefix + first)}: ${other}.`;
  return {
    written: dashed(prefix + first),
    hint: known.trim() || didYouMean(meant && dashed(prefix + meant)).trim(),
  };
}

function wordsOf(command: Command): string[] {
  return commandName(command).split(' ');
}

function missingOf({ usage }: Command): string {
  return /<.*?>/.exec(usage)?.[0] ?? 'an argument';
}

function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : `Did you mean ${meant}? `;
}

function kebab(word: string): string {
  if (word.length === 1) return word;
  return word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function dashed(option: string): string {
  if (option.startsWith('-')) return option;
  return option.length === 1 ? `-${option}` : `--${option}`;
}
