import {
  FLAGS,
  IGNORED_FLAGS,
  IGNORED_VALUES,
  noOptions,
  QUIET_FLAGS,
  QUIET_VALUES,
  SHORT,
  VALUES,
  type CurlOptions,
} from './options.js';

/** The options of one command line: one set for each `--next`. @param words after `curl` itself */
export function readCommand(words: readonly string[], problems: string[]): CurlOptions[] {
  const sets = [noOptions()];
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const options = sets.at(-1)!;
    if (word === '--next' || word === '-:') sets.push(noOptions());
    else if (word.startsWith('--')) readLong(word.slice(2), options, () => left.shift(), problems);
    else if (word.startsWith('-') && word !== '-')
      readShort(word.slice(1), options, () => left.shift(), problems);
    else options.urls.push(word);
  }
  return sets;
}

type TakeNext = () => string | undefined;

/** `-sSLd'a=1'`: letters, the last of which may have a value, at once or as the next word. */
function readShort(letters: string, options: CurlOptions, next: TakeNext, problems: string[]): void {
  const name = SHORT[letters[0]!];
  const rest = letters.slice(1);
  if (name === undefined) return void problems.push(`curl has no option -${letters[0]}`);
  if (takesValue(name)) return readLong(name, options, () => (rest === '' ? next() : rest), problems);
  readLong(name, options, next, problems);
  if (rest !== '') readShort(rest, options, next, problems);
}

function readLong(name: string, options: CurlOptions, next: TakeNext, problems: string[]): void {
  if (takesValue(name)) {
    const value = next();
    if (value === undefined) problems.push(`--${name} needs a value`);
    else if (Object.hasOwn(VALUES, name)) VALUES[name]!(options, value);
    else if (IGNORED_VALUES.has(name)) options.ignored.push(`--${name}`);
  } else if (Object.hasOwn(FLAGS, name)) FLAGS[name]!(options);
  else if (IGNORED_FLAGS.has(name)) options.ignored.push(`--${name}`);
  else if (!QUIET_FLAGS.has(name)) problems.push(`curl has no option --${name}`);
}

function takesValue(name: string): boolean {
  return Object.hasOwn(VALUES, name) || IGNORED_VALUES.has(name) || QUIET_VALUES.has(name);
}
