import type { OutputSpec } from './output.js';

/** What is wrong with a specification. Thrown by `OutputFactory.create`. */
export class OutputProblem extends Error {
  override readonly name = 'OutputProblem';

  /** By name, because packages of outputs contain a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'OutputProblem';
  }

  /** @param problems sentences without values that may be secrets */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Takes `NAME[=URL][?option=value&...]` apart. The first `?` begins the options, which are
 * URL-decoded; a `+` stays a `+`.
 * @throws OutputProblem
 */
export function parseSpec(text: string): OutputSpec {
  const mark = text.indexOf('?');
  const head = mark < 0 ? text : text.slice(0, mark);
  const equals = head.indexOf('=');
  const name = equals < 0 ? head : head.slice(0, equals);
  const url = equals < 0 ? undefined : head.slice(equals + 1);
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    problems.push('must begin with the name of an output, such as ndjson=FILE');
  if (url === '') problems.push(`a URL, an address or a path must follow ${name}=`);
  const options = readOptions(mark < 0 ? '' : text.slice(mark + 1), problems);
  if (problems.length > 0) throw new OutputProblem(problems);
  return { name, ...(url !== undefined && { url }), options };
}

function readOptions(text: string, problems: string[]): Record<string, string> {
  const options = new Map<string, string>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const [key, value] = equals < 0 ? [part, 'true'] : [part.slice(0, equals), part.slice(equals + 1)];
    const name = decode(key);
    const decoded = decode(value);
    if (name === undefined || name === '') problems.push('an option has no valid name');
    else if (decoded === undefined) problems.push(`the value of option ${name} has an invalid % sequence`);
    else if (options.has(name)) problems.push(`option ${name} is given twice`);
    else options.set(name, decoded);
  }
  return Object.fromEntries(options);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A specification for messages: without credentials and options. */
export function shownSpec({ name, url }: Pick<OutputSpec, 'name' | 'url'>): string {
  return url === undefined ? name : `${name}=${shownUrl(url)}`;
}

/** A URL without credentials, query and fragment. */
export function shownUrl(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, '$1')
    .replaceAll(/[^\P{C}]/gu, '');
}
