import { unescapeAnsi, unescapeDouble } from './escapes.js';
import { readExpansion } from './expansions.js';
import { ShellVariables } from './variables.js';

/** The standard input of a command. */
export type ShellInput =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  /** The output of a program, which is unknown because it is not run. */
  | { readonly kind: 'output'; readonly program: string };

export interface ShellCommand {
  readonly words: readonly string[];
  readonly input?: ShellInput | undefined;
  /** Line number, counted from 1. */
  readonly line: number;
}

/** The commands that a shell would run. */
export interface ShellText {
  readonly commands: readonly ShellCommand[];
  readonly variables: ShellVariables;
  readonly problems: readonly string[];
}

const OPERATORS = /^(?:&&|\|\||;;|[;&|\n()])/;
const REDIRECTION = /^(?:\d*|&)(?:>>?|<>|<)(?:&\d+|&-)?/;

/**
 * Parses a text as a POSIX shell or bash does: quotes, line continuations, comments,
 * here-documents, and commands separated by lines, `;`, `&&` or `|`. Unset variables become
 * placeholders.
 */
export function readShell(text: string): ShellText {
  return new ShellReader(text).read();
}

class ShellReader {
  readonly #variables: ShellVariables;
  readonly #problems: string[] = [];
  readonly #commands: ShellCommand[] = [];
  #words: string[] = [];
  #input: ShellInput | undefined;
  #startedAt = 0;
  /** Number of lines of here-documents that were removed from the text. */
  #linesTaken = 0;
  /** The same number at the start of the current command. */
  #linesBefore = 0;
  #at = 0;

  constructor(private text: string) {
    this.#variables = new ShellVariables(text);
  }

  read(): ShellText {
    while (this.#at < this.text.length) this.#readNext();
    this.#endCommand('');
    return { commands: this.#commands, variables: this.#variables, problems: this.#problems };
  }

  #readNext(): void {
    const rest = this.text.slice(this.#at);
    const operator = OPERATORS.exec(rest)?.[0];
    const redirection = REDIRECTION.exec(rest)?.[0];
    const space = /^(?:[ \t\r]|\\\r?\n)+/.exec(rest)?.[0];
    const document = /^\d*<<(-?)[ \t]*(?!<)/.exec(rest);
    if (operator !== undefined) {
      this.#endCommand(operator);
      this.#at += operator.length;
    } else if (space !== undefined) this.#at += space.length;
    else if (rest.startsWith('#')) this.#at += /^[^\n]*/.exec(rest)![0].length;
    else if (rest.startsWith('<<<')) {
      this.#at += 3 + /^[ \t]*/.exec(rest.slice(3))![0].length;
      this.#input = { kind: 'text', text: `${this.#readWord()}\n` };
    } else if (document !== null) {
      this.#at += document[0].length;
      this.#readDocument(document[1] === '-');
    } else if (redirection !== undefined) this.#redirect(redirection);
    else {
      if (this.#words.length === 0) {
        this.#startedAt = this.#at;
        this.#linesBefore = this.#linesTaken;
      }
      this.#words.push(this.#readWord());
    }
  }

  #redirect(redirection: string): void {
    this.#at += redirection.length;
    if (redirection.includes('&') && redirection.length > 1 && /&[\d-]/.test(redirection)) return;
    this.#at += /^[ \t]*/.exec(this.text.slice(this.#at))![0].length;
    const path = this.#readWord();
    if (/^0?<$/.test(redirection)) this.#input = { kind: 'file', path };
  }

  /** Removes the lines of a here-document from the text. They become the standard input. */
  #readDocument(isIndented: boolean): void {
    const written = /^(?:'[^'\n]*'|"[^"\n]*"|[^\s;&|<>])+/.exec(this.text.slice(this.#at))?.[0] ?? '';
    this.#at += written.length;
    const delimiter = written.replaceAll(/['"\\]/g, '');
    const lineEnd = this.text.indexOf('\n', this.#at);
    const lines = lineEnd < 0 ? [] : this.text.slice(lineEnd + 1).split('\n');
    const strip = (row: string): string => (isIndented ? row.replace(/^\t+/, '') : row).replace(/\r$/, '');
    const end = lines.findIndex((row) => strip(row) === delimiter);
    const body = (end < 0 ? lines : lines.slice(0, end)).map((row) => `${strip(row)}\n`).join('');
    if (end < 0) this.#problems.push(`the here-document has no closing ${delimiter}`);
    const isPlain = delimiter !== written;
    this.#input = { kind: 'text', text: isPlain ? body : this.#expand(body, /\\([$`\\])/g) };
    if (lineEnd >= 0) {
      const after = end < 0 ? '' : lines.slice(end + 1).join('\n');
      this.#linesTaken += end + 1;
      this.text = `${this.text.slice(0, lineEnd + 1)}${after}`;
    }
  }

  #endCommand(operator: string): void {
    const [words, input] = [this.#words, this.#input];
    this.#words = [];
    this.#input = operator === '|' && words.length > 0 ? outputOf(words) : undefined;
    if (words.length === 0) return;
    const names = words[0] === 'export' ? words.slice(1) : words;
    if (names.every((word) => /^[A-Za-z_]\w*=/.test(word))) {
      for (const word of names) {
        const equals = word.indexOf('=');
        this.#variables.set(word.slice(0, equals), word.slice(equals + 1));
      }
      return;
    }
    const line = this.text.slice(0, this.#startedAt).split('\n').length + this.#linesBefore;
    this.#commands.push({ words, input, line });
  }

  #readWord(): string {
    let word = '';
    while (this.#at < this.text.length && !/[ \t\r\n;&|]/.test(this.text[this.#at]!)) {
      const rest = this.text.slice(this.#at);
      const quoted = /^(?:'([^']*)'|\$'((?:[^'\\]|\\[\s\S])*)')/.exec(rest);
      const double = quoted === null ? readDouble(rest) : undefined;
      const expansion = quoted === null && double === undefined ? readExpansion(rest) : undefined;
      if (quoted !== null) {
        word += quoted[1] ?? unescapeAnsi(quoted[2]!);
        this.#at += quoted[0].length;
      } else if (double !== undefined) {
        word += this.#expand(double.inner, undefined);
        this.#at += double.length;
      } else if (/^\$?['"]/.test(rest)) {
        const line = this.text.slice(0, this.#at).split('\n').length;
        const mark = rest.startsWith('$') ? rest.slice(0, 2) : rest[0]!;
        this.#problems.push(`the quote ${mark} on line ${line} is not closed`);
        this.#at = this.text.length;
        return word + rest.slice(1);
      } else if (expansion !== undefined) {
        word += expansion.valueIn(this.#variables);
        this.#at += expansion.length;
      } else if (rest.startsWith('\\')) {
        if (!/^\\\r?\n/.test(rest)) word += rest[1] ?? '';
        this.#at += /^\\\r?\n/.exec(rest)?.[0].length ?? 2;
      } else {
        word += rest[0];
        this.#at += 1;
      }
    }
    return word;
  }

  /**
   * Expands the variables of a double-quoted string or a here-document.
   * @param escapes the escapes of a here-document; undefined for a double-quoted string
   */
  #expand(text: string, escapes: RegExp | undefined): string {
    const unescape = (part: string): string =>
      escapes === undefined ? unescapeDouble(part) : part.replaceAll(escapes, '$1');
    let expanded = '';
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (text[at] === '\\') at += 1;
      else {
        const expansion = readExpansion(text.slice(at));
        if (expansion === undefined) continue;
        expanded += unescape(text.slice(from, at)) + expansion.valueIn(this.#variables);
        from = at + expansion.length;
        at = from - 1;
      }
    }
    return expanded + unescape(text.slice(from));
  }
}

/** The double-quoted string at the start of a text. A quote within `$(…)` does not end it. */
function readDouble(text: string): { inner: string; length: number } | undefined {
  const start = /^\$?"/.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '"') return { inner: text.slice(start, at), length: at + 1 };
    if (text[at] === '\\') at += 1;
    else if (text.startsWith('$(', at)) at += (readExpansion(text.slice(at))?.length ?? 1) - 1;
  }
  return undefined;
}

/** The output of a program, if it is known without running the program. */
function outputOf([program = '', ...words]: readonly string[]): ShellInput {
  if (program === 'echo' && !words.some((word) => /^-[neE]+$/.test(word)))
    return { kind: 'text', text: `${words.join(' ')}\n` };
  if (program === 'echo' && words[0] === '-n' && words[1]?.startsWith('-') !== true)
    return { kind: 'text', text: words.slice(1).join(' ') };
  if (program === 'printf' && words.length === 1 && !/[%\\]/.test(words[0]!))
    return { kind: 'text', text: words[0]! };
  if (program === 'printf' && words.length === 2 && words[0] === '%s')
    return { kind: 'text', text: words[1]! };
  if (program === 'cat' && words.length === 1 && words[0] !== '-') return { kind: 'file', path: words[0]! };
  return { kind: 'output', program };
}
