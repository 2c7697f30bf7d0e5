import { writeLogsAsJson } from './log-format.js';
import type { InferredOptionType, Options, PositionalOptions } from 'yargs';

/** A yargs option that can parse its value. */
export type Option = Options & {
  /** Parses the written value. Throws a `DrumlineError` that names the option. */
  readonly read?: (value: unknown) => unknown;
  /** Whether `--no-…`, or `false` in a config file, turns the option off. */
  readonly off?: boolean;
  /** Whether only the command line sets the option, not the environment or the config file. */
  readonly flagOnly?: boolean;
  /** Whether its environment variable has a value on each line. */
  readonly lines?: boolean;
  /** The switch without which a value from the environment or the config file is ignored. */
  readonly onlyWith?: string;
};
export type OptionTable = Readonly<Record<string, Option>>;
export type PositionalTable = Readonly<Record<string, PositionalOptions>>;

/** One command of the program. */
export interface Command<O extends OptionTable = OptionTable, P extends PositionalTable = PositionalTable> {
  /** In the syntax of yargs, including the group, if any: `grpc list <target> [service]`. */
  readonly usage: string;
  readonly about: string;
  readonly positionals?: P;
  /** By long name, in the order of the help. */
  readonly options: O;
  /** Arguments of the command, and what they do. */
  readonly examples: readonly (readonly [args: string, does: string])[];
  /**
   * @param written the unparsed values, by long name
   * @returns the exit code; undefined means 0
   */
  run(args: CommandArguments<O, P>, written: Readonly<Record<string, unknown>>): Promise<number | void>;
}

/** The values of a command's options, by their names in camel case. */
export type CommandArguments<O extends OptionTable, P extends PositionalTable> = {
  [K in keyof O as CamelCase<K & string>]: ValueOf<O[K]>;
} & { [K in keyof P]: InferredOptionType<P[K]> };

type ValueOf<O> = O extends { read: (value: never) => infer V }
  ? O extends { default: unknown }
    ? V
    : V | undefined
  : O extends Options
    ? InferredOptionType<O>
    : never;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

/** Infers the argument types of `run`, then erases them, so that all commands have one type. */
export function defineCommand<const O extends OptionTable, const P extends PositionalTable = {}>(
  command: Command<O, P>,
): Command {
  return command as unknown as Command;
}

/** Options that a command can only follow with a switch, such as reports of `submit --watch`. */
export function onlyWith<const O extends OptionTable>(flag: string, options: O): O {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { ...option, onlyWith: flag }]),
  ) as unknown as O;
}

/** Runs a command with the arguments that yargs parsed. */
export async function runCommand(
  command: Command,
  parsed: Readonly<Record<string, unknown>>,
): Promise<number> {
  const args: Record<string, unknown> = {};
  for (const name of Object.keys(command.positionals ?? {})) args[name] = parsed[name];
  for (const [name, { read, array }] of Object.entries(command.options)) {
    const given = parsed[name];
    // If an option is repeated, the last value counts, unless it is a list.
    const value: unknown = Array.isArray(given) && array !== true ? given.at(-1) : given;
    args[camelCase(name)] = read && value !== undefined ? read(value) : value;
  }
  if (args['logFormat'] === 'json') {
    // With `--json -`, the standard output is the result.
    const { stdout, stderr } = process;
    writeLogsAsJson(args['json'] === '-' ? [stderr] : [stdout, stderr]);
  }
  return (await command.run(args as never, parsed)) ?? 0;
}

/** The name of a command: `run`, `grpc list`. */
export function commandName({ usage }: Pick<Command, 'usage'>): string {
  return usage.replace(/ [[<].*/, '');
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
