/** What a shell would run: the words of each command. */
export interface ShellText {
  readonly commands: readonly (readonly string[])[];
  readonly problems: readonly string[];
}

const OPERATORS = /^(?:&&|\|\||[;&|\n])/;
const REDIRECTION = /^(?:\d*|&)(?:>>?|<)(?:&\d+)?/;

/**
 * Takes a text apart as a POSIX shell or bash would, without expanding anything: `$TOKEN` stays as it is.
 * Quotes of all kinds, `\` at the ends of lines, comments, several commands on lines or between `;`, `&&` and `|`.
 */
export function readShell(text: string): ShellText {
  const commands: string[][] = [];
  const problems: string[] = [];
  let words: string[] = [];
  let at = 0;
  const endCommand = (): void => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const operator = OPERATORS.exec(rest)?.[0];
    const redirection = REDIRECTION.exec(rest)?.[0];
    if (operator !== undefined) {
      endCommand();
      at += operator.length;
    } else if (/^(?:[ \t\r]|\\\r?\n)/.test(rest)) at += /^(?:[ \t\r]|\\\r?\n)+/.exec(rest)![0].length;
    else if (rest.startsWith('#')) at += /^[^\n]*/.exec(rest)![0].length;
    else if (redirection !== undefined) {
      at += redirection.length + /^[ \t]*/.exec(rest.slice(redirection.length))![0].length;
      if (!redirection.includes('>&')) at = readWord(text, at, problems).end;
    } else {
      const { word, end } = readWord(text, at, problems);
      words.push(word);
      at = end;
    }
  }
  endCommand();
  return { commands, problems };
}

function readWord(text: string, start: number, problems: string[]): { word: string; end: number } {
  let word = '';
  let at = start;
  while (at < text.length && !/[ \t\r\n;&|]/.test(text[at]!)) {
    const rest = text.slice(at);
    const quoted = /^(?:'([^']*)'|\$'((?:[^'\\]|\\[\s\S])*)'|\$?"((?:[^"\\]|\\[\s\S])*)")/.exec(rest);
    if (quoted !== null) {
      const [all, single, ansi, double] = quoted;
      word += single ?? (ansi === undefined ? unescapeDouble(double!) : unescapeAnsi(ansi));
      at += all.length;
    } else if (/^\$?['"]/.test(rest)) {
      const line = text.slice(0, at).split('\n').length;
      problems.push(
        `the quote ${rest.startsWith('$') ? rest.slice(0, 2) : rest[0]} on line ${line} has no end`,
      );
      return { word: word + rest.slice(1), end: text.length };
    } else if (rest.startsWith('\\')) {
      if (!/^\\\r?\n/.test(rest)) word += rest[1] ?? '';
      at += /^\\\r?\n/.exec(rest)?.[0].length ?? 2;
    } else {
      word += rest[0];
      at += 1;
    }
  }
  return { word, end: at };
}

function unescapeDouble(text: string): string {
  return text.replaceAll(/\\\r?\n/g, '').replaceAll(/\\(["\\$`])/g, '$1');
}

const ANSI: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001B',
  E: '\u001B',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The escapes of `$'…'` (bash manual, ANSI-C Quoting); those of bytes are UTF-8 together. */
function unescapeAnsi(text: string): string {
  return text.replaceAll(
    /(?:\\x[\da-f]{1,2}|\\[0-7]{1,3})+|\\u([\da-f]{1,4})|\\U([\da-f]{1,8})|\\([\s\S])/gi,
    (all: string, short?: string, long?: string, one?: string) => {
      const code = short ?? long;
      const point = Number.parseInt(code ?? '', 16);
      if (code !== undefined) return point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point);
      if (one !== undefined) return ANSI[one] ?? one;
      const bytes = [...all.matchAll(/\\x([\da-f]{1,2})|\\([0-7]{1,3})/gi)];
      return Buffer.from(
        bytes.map(([, hex, octal]) => Number.parseInt((hex ?? octal)!, hex ? 16 : 8)),
      ).toString();
    },
  );
}
