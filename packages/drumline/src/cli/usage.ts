import { closest, DrumlineError } from '@drumline/model';
import { commandName, type Command } from './command.js';
import { COMMANDS } from './commands/index.js';

/** Says in our words what yargs found wrong with the arguments, and what was probably meant. */
export function explainUsageError(message: string, args: readonly string[]): DrumlineError {
  const command = COMMANDS.find((candidate) => wordsOf(candidate).every((word) => args.includes(word)));
  const more = `drumline ${command ? `${commandName(command)} ` : ''}--help`;

  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/.exec(message)?.[1];
  if (unknown !== undefined) return explainUnknown(unknown.split(', ')[0]!, args, command, more);
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
  word: string,
  args: readonly string[],
  command: Command | undefined,
  more: string,
): DrumlineError {
  // yargs names an option twice: as it was written, and in camel case.
  const first = kebab(word);
  if (!command) {
    const isOption = !args.includes(word);
    const meant = isOption ? undefined : closest(first, COMMANDS.flatMap(wordsOf));
    return new DrumlineError(
      'usage',
      isOption ? `unknown option ${dashed(first)}` : `unknown command '${first}'`,
      `${didYouMean(meant)}${more} lists them.`,
    );
  }
  if (args.includes(word)) {
    return new DrumlineError(
      'usage',
      `drumline ${commandName(command)} has no use for '${word}'`,
      `See ${more}.`,
    );
  }
  const prefix = args.includes(`--no-${first}`) ? 'no-' : '';
  const owner = COMMANDS.find(({ options }) => Object.hasOwn(options, first));
  const whose = owner ? `It is an option of drumline ${commandName(owner)}. ` : '';
  const meant = closest(first, Object.keys(command.options).concat('config', 'help', 'version'));
  return new DrumlineError(
    'usage',
    `drumline ${commandName(command)} has no option ${dashed(prefix + first)}`,
    `${whose || didYouMean(meant && dashed(prefix + meant))}${more} lists them.`,
  );
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
