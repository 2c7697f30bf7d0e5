import { readConfig } from './config-file.js';
import type { CommandFiles } from './files.js';
import {
  FLAGS,
  UNSUPPORTED_FLAGS,
  UNSUPPORTED_VALUES,
  noOptions,
  IRRELEVANT_FLAGS,
  IRRELEVANT_VALUES,
  SHORT,
  VALUES,
  type CurlOptions,
} from './options.js';

/** Levels of config files that include each other. */
const DEEPEST_CONFIG = 5;

const ALL_NAMES = [FLAGS, VALUES]
  .flatMap((table) => Object.keys(table))
  .concat(
    ...[UNSUPPORTED_FLAGS, UNSUPPORTED_VALUES, IRRELEVANT_FLAGS, IRRELEVANT_VALUES].map((set) => [...set]),
    'config',
  );

/**
 * Parses a command line into sets of options, which `--next` separates.
 * @param words the words after `curl`
 * @param problems receives the problems
 */
export function readCommand(
  words: readonly string[],
  files: CommandFiles,
  problems: string[],
): CurlOptions[] {
  return new CommandReader(files, problems).read(words);
}

type TakeNext = () => string | undefined;

class CommandReader {
  readonly #sets = [noOptions()];
  #depth = 0;

  constructor(
    private readonly files: CommandFiles,
    private readonly problems: string[],
  ) {}

  read(words: readonly string[]): CurlOptions[] {
    const left = [...words];
    const next = (): string | undefined => left.shift();
    for (let word = next(); word !== undefined; word = next()) {
      if (word === '--next' || word === '-:') this.#sets.push(noOptions());
      else if (word === '--') continue;
      else if (word.startsWith('--')) this.#readLong(word.slice(2), next);
      else if (word.startsWith('-') && word !== '-') this.#readShort(word.slice(1), next);
      else this.#options.urls.push(word);
    }
    return this.#sets;
  }

  get #options(): CurlOptions {
    return this.#sets.at(-1)!;
  }

  /** `-sSLd'a=1'`: the value of the last letter follows directly, or is the next word. */
  #readShort(letters: string, next: TakeNext): void {
    const name = SHORT[letters[0]!];
    const rest = letters.slice(1);
    if (name === undefined) return void this.problems.push(`curl has no option -${letters[0]}`);
    if (takesValue(name)) return this.#readLong(name, () => (rest === '' ? next() : rest));
    this.#readLong(name, next);
    if (rest !== '') this.#readShort(rest, next);
  }

  #readLong(written: string, next: TakeNext): void {
    const isOn = !written.startsWith('no-');
    const name = fullName(isOn ? written : written.slice('no-'.length));
    if (isOn && takesValue(name)) {
      const value = next();
      if (value === undefined) this.problems.push(`--${name} needs a value`);
      else if (name === 'config') this.#readConfig(value);
      else if (name === 'header' && value.startsWith('@')) this.#readHeaders(value.slice(1));
      else if (Object.hasOwn(VALUES, name)) VALUES[name]!(this.#options, value);
      else if (UNSUPPORTED_VALUES.has(name)) this.#options.unsupported.push(`--${name} ${value}`);
    } else if (Object.hasOwn(FLAGS, name)) FLAGS[name]!(this.#options, isOn);
    else if (UNSUPPORTED_FLAGS.has(name)) this.#options.unsupported.push(`--${written}`);
    else if (!IRRELEVANT_FLAGS.has(name)) this.problems.push(`curl has no option --${written}`);
  }

  /** `-H @file`: one header per line. */
  #readHeaders(path: string): void {
    const lines = this.files.text(path).split(/\r?\n/);
    for (const line of lines.filter((one) => one.trim() !== '')) VALUES['header']!(this.#options, line);
  }

  #readConfig(path: string): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST_CONFIG)
      this.problems.push(`--config ${path}: config files are nested more than ${DEEPEST_CONFIG} deep`);
    else this.read(readConfig(this.files.text(path), (name) => takesValue(fullName(name))));
    this.#depth -= 1;
  }
}

function takesValue(name: string): boolean {
  return (
    name === 'config' ||
    Object.hasOwn(VALUES, name) ||
    UNSUPPORTED_VALUES.has(name) ||
    IRRELEVANT_VALUES.has(name)
  );
}

/** Expands an abbreviated long name if it is unambiguous. */
function fullName(written: string): string {
  if (ALL_NAMES.includes(written)) return written;
  const [only, ...others] = ALL_NAMES.filter((name) => name.startsWith(written));
  return only !== undefined && others.length === 0 ? only : written;
}
