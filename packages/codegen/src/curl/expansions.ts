import type { ShellVariables } from './variables.js';

/** A shell expansion: a variable, or the output of a program. */
export interface Expansion {
  /** Length in characters. */
  readonly length: number;
  valueIn(variables: ShellVariables): string;
}

/** The expansion at the start of a text; undefined if there is none. */
export function readExpansion(text: string): Expansion | undefined {
  const plain = /^\$([A-Za-z_]\w*)/.exec(text);
  if (plain !== null) return variable(plain[1]!, plain[0]);
  if (text.startsWith('${')) return readBraces(text);
  if (text.startsWith('$(')) return readProgram(text, balancedLength(text, 1));
  if (text.startsWith('`')) return readProgram(text, text.indexOf('`', 1) + 1);
  const special = /^\$(?:\d|[@*#?!$])/.exec(text)?.[0];
  return special === undefined ? undefined : variable(specialName(special), special);
}

function variable(name: string, source: string): Expansion {
  // `$X` and `${X}` are the same variable.
  return { length: source.length, valueIn: (variables) => variables.read(name, `$${name}`) };
}

/** `${NAME}`, or with an operator. `-` and `=` provide a default if the default is literal. */
function readBraces(text: string): Expansion | undefined {
  const length = balancedLength(text, 1);
  const [, name, operator = '', rest = ''] =
    /^\$\{[#!]?([A-Za-z_]\w*|[\d@*])(:?[-=]|[^\w}])?([\s\S]*)\}$/.exec(text.slice(0, length)) ?? [];
  if (name === undefined) return undefined;
  const isDefault = /^:?[-=]$/.test(operator) && !/[$`]/.test(rest);
  return {
    length,
    valueIn: (variables) => {
      const source = operator === '' ? `$${specialName(name)}` : text.slice(0, length);
      return isDefault ? variables.readWithDefault(name, rest) : variables.read(specialName(name), source);
    },
  };
}

function readProgram(text: string, length: number): Expansion | undefined {
  if (length <= 1) return undefined;
  const source = text.slice(0, length);
  const command = source.replace(/^(?:\$\(\(?|`)/, '').replace(/(?:\)\)?|`)$/, '');
  return { length, valueIn: (variables) => variables.readOutput(command, source) };
}

/** The name of a special variable: `ARGUMENT_1` for `$1`. */
function specialName(source: string): string {
  const mark = source.replace('$', '');
  if (/^\d$/.test(mark)) return `ARGUMENT_${mark}`;
  return /^\w+$/.test(mark) ? mark : 'SHELL_VALUE';
}

/** Length up to the bracket that closes the one at `open`; 0 if it is not closed. */
function balancedLength(text: string, open: number): number {
  const [start, end] = text[open] === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === "'" && start === '(') at = Math.max(at, text.indexOf("'", at + 1));
    else if (text[at] === start) depth += 1;
    else if (text[at] === end) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return 0;
}
