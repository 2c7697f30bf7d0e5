import { existsSync, readFileSync } from 'node:fs';
import { closest, DrumlineError, messageOf } from '@drumline/model';
import { textOfBytes } from '@drumline/scenario/text-file';
import type { Command, Option } from './command.js';
import { CREDENTIAL_VARIABLES } from './credentials/read.js';
import { hintForOption } from './other-tools.js';

const DEFAULT_FILE = 'drumline.config.json';

/** Positional arguments that can also be set by the environment and the file. */
const SETTABLE_POSITIONALS = ['scenario'];

/**
 * Reads a command's options from the environment (`DRUMLINE_RUN_TIME`) and from the config file
 * (`"run-time"` or `"runTime"`). The environment takes precedence. Values are not parsed.
 * @throws DrumlineError `usage` that names the file and key, or the variable
 */
export function readSettings(
  command: Command,
  all: readonly Command[],
  args: readonly string[],
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  const names = settableNames(command);
  const path = configPath(args);
  if (path !== undefined) {
    const known = new Set(all.flatMap(settableNames));
    for (const [key, value] of Object.entries(readConfigFile(path))) {
      const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      if (!known.has(name)) throw unknownKey(path, key, known);
      if (names.includes(name) && !isForAnotherCommand(command, all, name, value))
        settings[name] = checked(command, name, value, `${path}: "${key}"`);
    }
  }
  for (const name of names) {
    const variable = variableOf(name);
    const written = variable === undefined ? undefined : process.env[variable];
    const value = command.options[name]?.lines ? written?.split('\n').filter((line) => line !== '') : written;
    if (value === undefined || value.length === 0 || isForAnotherCommand(command, all, name, value)) continue;
    settings[name] = checked(command, name, value, variable!);
  }
  warnAboutMisspelled(all);
  return usable(settings, command, args);
}

/** Leaves out what needs a switch that is not given: a file is shared by commands. */
function usable(
  settings: Readonly<Record<string, unknown>>,
  { options }: Command,
  args: readonly string[],
): Record<string, unknown> {
  const isOn = (flag: string): boolean =>
    args.includes(`--${flag}`) || args.includes(`--${flag}=true`) || String(settings[flag]) === 'true';
  const kept = Object.entries(settings).filter(([name]) => {
    const flag = options[name]?.onlyWith;
    return flag === undefined || isOn(flag);
  });
  return Object.fromEntries(kept);
}

/** Variables that are not options. An option with the same name has no variable. */
const OTHER_VARIABLES: ReadonlySet<string> = new Set([
  ...Object.values(CREDENTIAL_VARIABLES),
  'DRUMLINE_CONFIG',
  'DRUMLINE_DEBUG',
  'DRUMLINE_LONG',
  'DRUMLINE_SEED',
]);
/**
 * Variables that are never checked: those that Kubernetes and Docker set for services, those of
 * secrets, and those of the project's benchmarks.
 */
const IGNORED_VARIABLES =
  /_(?:SERVICE_(?:HOST|PORT).*|PORT(?:_\d+_(?:TCP|UDP).*)?)$|^DRUMLINE_(?:SECRET|BENCH)_/;

/** Misspelled variables that were already reported. */
const warned = new Set<string>();

function warnAboutMisspelled(all: readonly Command[]): void {
  const options = all.flatMap(settableNames).map(variableOf);
  const known = new Set([...options.filter((name) => name !== undefined), ...OTHER_VARIABLES]);
  for (const name of Object.keys(process.env)) {
    if (!name.startsWith('DRUMLINE_') || known.has(name) || IGNORED_VARIABLES.test(name) || warned.has(name))
      continue;
    warned.add(name);
    const option = name.slice('DRUMLINE_'.length).toLowerCase().replaceAll('_', '-');
    const meant = closestVariable(name, known);
    const other = hintForOption(option);
    if (meant === undefined && other === undefined) continue;
    const hint = meant === undefined ? other : `did you mean ${meant}?`;
    console.error(`warning: ${name} is not an option: ${hint}`);
  }
}

/** The most similar variable, ignoring missing underscores: DRUMLINE_RUNTIME. */
function closestVariable(name: string, known: ReadonlySet<string>): string | undefined {
  const bare = (variable: string): string => variable.replaceAll('_', '');
  const option = name.slice('DRUMLINE_'.length);
  const options = [...known].map((variable) => variable.slice('DRUMLINE_'.length));
  const meant = options.find((one) => bare(one) === bare(option)) ?? closest(option, options);
  return meant === undefined ? undefined : `DRUMLINE_${meant}`;
}

/** The environment variable of an option. None if the variable of that name is not an option. */
export function variableOf(option: string): string | undefined {
  const variable = `DRUMLINE_${option.toUpperCase().replaceAll('-', '_')}`;
  return OTHER_VARIABLES.has(variable) ? undefined : variable;
}

/**
 * Whether a setting is meant for another command. Several commands can have an option of the same
 * name, which is a switch in one (`workers --lanes`) and takes a value in another (`run --lanes`).
 */
function isForAnotherCommand(
  { options }: Command,
  all: readonly Command[],
  name: string,
  value: unknown,
): boolean {
  const option = options[name];
  if (option === undefined || canTake(option, value)) return false;
  return all.some((command) => {
    const other = command.options[name];
    return other !== undefined && canTake(other, value);
  });
}

function canTake({ type, off }: Option, value: unknown): boolean {
  if (String(value) === 'false') return type === 'boolean' || off === true;
  return (type === 'boolean') === (String(value) === 'true');
}

function settableNames({ options, positionals = {} }: Command): string[] {
  const names = Object.keys(options).filter((name) => options[name]!.flagOnly !== true);
  return [...names, ...SETTABLE_POSITIONALS.filter((name) => name in positionals)];
}

function configPath(args: readonly string[]): string | undefined {
  const index = args.findIndex((arg) => arg === '--config' || arg.startsWith('--config='));
  const flag = args[index]?.split('=').slice(1).join('=') || (index >= 0 ? args[index + 1] : undefined);
  const given = flag ?? process.env['DRUMLINE_CONFIG'];
  if (given !== undefined && given !== '') return given;
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined;
}

function readConfigFile(path: string): object {
  let text: string;
  try {
    text = textOfBytes(readFileSync(path));
  } catch (error) {
    throw new DrumlineError(
      'usage',
      `the config file ${path} cannot be read: ${messageOf(error)}`,
      'Check --config.',
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DrumlineError('usage', `${path} is not valid JSON: ${messageOf(error)}`);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  throw new DrumlineError('usage', `${path} must contain one object: { "users": 10, "run-time": "1m" }`);
}

/** Parses the value as yargs will, so that an error names the file and key, or the variable. */
function checked(command: Command, name: string, value: unknown, where: string): unknown {
  const option = command.options[name];
  if (option?.type === 'boolean' && ![true, false, 'true', 'false'].includes(value as boolean)) {
    throw new DrumlineError('usage', `${where} must be true or false`);
  }
  if (option?.type === 'string' && !isText(value, option)) {
    throw new DrumlineError(
      'usage',
      `${where} must be ${option.array ? 'a string or a list of strings' : 'a string'}`,
    );
  }
  if (option?.read === undefined) return value;
  try {
    option.read(option.type === 'number' ? Number(value) : option.array ? value : asText(value));
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
    throw new DrumlineError('usage', `${where}: ${error.message.replace(`--${name}: `, '')}`, error.hint);
  }
  return value;
}

/** Converts a number to a string, as yargs does. `false` stays, as with `--no-html`. */
function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

/** Whether a JSON value is valid for an option of type string. */
function isText(value: unknown, { array, off }: Option): boolean {
  const isString = (one: unknown): boolean => typeof one === 'string' || typeof one === 'number';
  return (
    isString(value) ||
    (array === true && Array.isArray(value) && value.every(isString)) ||
    (off === true && value === false)
  );
}

function unknownKey(path: string, key: string, known: ReadonlySet<string>): DrumlineError {
  const meant = closest(key, known);
  return new DrumlineError(
    'usage',
    `${path}: there is no option "${key}"`,
    `${meant === undefined ? '' : `Did you mean "${meant}"? `}Keys are the long names of options, as in drumline run --help.`,
  );
}
