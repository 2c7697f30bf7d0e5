import yargs, { type Argv } from 'yargs';
import { commandName, runCommand, type Command } from './command.js';
import { COMMANDS, GROUPS } from './commands/index.js';
import { readSettings } from './settings.js';
import { explainUsageError } from './usage.js';
import { readVersion } from './version.js';

const EPILOGUE = `Options can also be set by environment variables (--run-time is DRUMLINE_RUN_TIME) or in a JSON file: \
drumline.config.json in the working directory, or the file that --config names. Flags override the environment, and the \
environment overrides the file. \`drumline exit-codes\` lists the exit codes.`;

/** Runs the command that the arguments name. @returns the exit code */
export async function parseCommandLine(given: readonly string[]): Promise<number> {
  const args = normalizeArguments(given);
  let exitCode = 0;
  const program = yargs([...args])
    .scriptName('drumline')
    .locale('en')
    .usage('$0 <command> [options]\n\nDistributed load testing in TypeScript.')
    .parserConfiguration({ 'greedy-arrays': false })
    .option('config', { type: 'string', requiresArg: true, describe: 'JSON file with options' })
    .version(readVersion())
    .alias('h', 'help')
    .epilogue(EPILOGUE)
    .wrap(Math.min(110, process.stdout.columns || 110))
    .demandCommand(1)
    .strict()
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      throw explainUsageError(message, args);
    });
  const add = (argv: Argv, command: Command, group = ''): Argv =>
    argv.command({
      command: command.usage.slice(group.length),
      describe: command.about,
      builder: (inner: Argv) => addCommand(inner, command, args),
      handler: async (parsed) => {
        exitCode = await runCommand(command, parsed);
      },
    });
  const isIn = (group: string) => (command: Command) => command.usage.startsWith(`${group} `);
  for (const command of COMMANDS)
    if (!Object.keys(GROUPS).some((group) => isIn(group)(command))) add(program, command);
  for (const [group, about] of Object.entries(GROUPS)) {
    program.command(group, about, (argv: Argv) => {
      argv.usage(`$0 ${group} <command> [options]\n\n${about}`);
      for (const command of COMMANDS.filter(isIn(group))) add(argv, command, `${group} `);
      return argv.demandCommand(1);
    });
  }
  if (args.length === 0) {
    console.log(await program.getHelp());
    return 0;
  }
  await program.parseAsync();
  return exitCode;
}

/** Accepts common spellings: `help run` for `run --help`, and `-v` alone for `--version`. */
function normalizeArguments(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === 'help') return [...rest, '--help'];
  return args.length === 1 && (first === '-v' || first === '-V') ? ['--version'] : args;
}

function addCommand(program: Argv, command: Command, args: readonly string[]): Argv {
  const name = commandName(command);
  program.usage(`$0 ${command.usage}\n\n${command.about}`);
  for (const [key, positional] of Object.entries(command.positionals ?? {}))
    program.positional(key, positional);
  if (!wantsHelp(args)) {
    // yargs lays out the help of every command that runs, which takes 80 ms with all options.
    for (const [key, option] of Object.entries(command.options))
      program.option(key, { ...option, hidden: true });
    return program.config(readSettings(command, COMMANDS, args));
  }
  program.options({ ...command.options });
  for (const [example, does] of command.examples) program.example(`$0 ${name} ${example}`.trim(), does);
  return program;
}

function wantsHelp(args: readonly string[]): boolean {
  return args.some((arg) => ['--help', '-h', '--version'].includes(arg));
}
