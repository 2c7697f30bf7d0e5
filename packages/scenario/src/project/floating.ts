import { maskCode } from './mask-code.js';

/** A call whose promise is neither awaited nor stored. */
export interface FloatingCall {
  /** `http.get(…)` */
  readonly call: string;
  /** Its position in the code. */
  readonly line: number;
  readonly column: number;
}

const VERBS = 'get|post|put|patch|delete|head|options|request';
/** A chain of names before the last one: `context.http.` */
const CHAIN = String.raw`(?:[\w$]+\??\.)*`;

/**
 * Statements that call something of a user that takes time, and drop its promise. It knows calls by
 * their names: those of the context, services of gRPC, and async functions of the code itself;
 * `forEach` with an async function, too.
 * @param lines the scenario's own code as a bundler prints it: each statement ends with a semicolon
 */
export function findFloatingCalls(lines: readonly string[]): FloatingCall[] {
  const code = maskCode(lines.join('\n'));
  const found: { at: number; call: string }[] = [];
  for (const match of code.matchAll(callPattern(code))) {
    const at = match.index;
    if (beginsStatement(code, at) && endsStatement(code, at + match[0].length - 1))
      found.push({ at, call: `${match[1]!}(…)` });
  }
  for (const match of code.matchAll(/\.forEach\(\s*async\b/g))
    found.push({ at: match.index + 1, call: 'forEach(async …)' });
  return found.sort((a, b) => a.at - b.at).map(({ at, call }) => ({ call, ...placeOf(code, at) }));
}

function callPattern(code: string): RegExp {
  const names = (pattern: RegExp): string[] => [...code.matchAll(pattern)].map((match) => match[1]!);
  const declared = new Set(names(/\b(?:function|const|let|var)\s+([\w$]+)/g));
  const asyncs = [
    ...names(/\basync function\s*\*?\s*([\w$]+)/g),
    ...names(/\b(?:const|let|var)\s+([\w$]+)\s*=\s*async\b/g),
  ];
  const services = names(/\b(?:const|let|var)\s+([\w$]+)\s*=[^;\n]*\.service\(/g);
  // A name that the code gives to something else is not what the context calls so.
  const own = ['sleep', 'measure', 'step'].filter((name) => !declared.has(name) && !imported(code, name));
  const callees = [
    ...(imported(code, 'http') ? [] : [`${CHAIN}http\\.(?:${VERBS})`]),
    `${CHAIN}ws\\.connect`,
    String.raw`(?:ctx|context|c)\.(?:sleep|measure|step)`,
    ...own,
    ...asyncs.map(escaped),
    ...services.map((service) => `${escaped(service)}\\.(?:call|send|batches|health)`),
  ];
  return new RegExp(String.raw`(?<![\w$.])(${callees.join('|')})\(`, 'g');
}

function imported(code: string, name: string): boolean {
  return new RegExp(String.raw`^\s*import\b[^;]*[\s{,]${name}\b[^;]*;`, 'm').test(code);
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}

/** Whether what begins here is a statement, and no part of an expression. */
function beginsStatement(code: string, at: number): boolean {
  const before = code.slice(Math.max(0, at - 2_000), at).trimEnd();
  const last = before.at(-1);
  if (last === undefined || last === ';' || last === '{' || last === '}') return true;
  if (/(?:^|[^\w$.])(?:else|do)$/.test(before)) return true;
  return last === ')' && followsCondition(before);
}

/** Whether a text ends with the parentheses of `if`, `for` or `while`. */
function followsCondition(before: string): boolean {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    if (before[i] === ')') depth += 1;
    if (before[i] === '(') depth -= 1;
    if (depth === 0) return /(?:^|[^\w$.])(?:if|for|while)\s*$/.test(before.slice(0, i));
  }
  return false;
}

/**
 * Whether a call, with what is chained to it, is all of a statement.
 * @param open its parenthesis
 */
function endsStatement(code: string, open: number): boolean {
  let at = open;
  for (;;) {
    const end = closingOf(code, at);
    if (end === undefined) return false;
    const [, chained] = /^\s*(\??\.[\w$]+\s*)\(/.exec(code.slice(end + 1, end + 200)) ?? [];
    if (chained === undefined) return /^\s*;/.test(code.slice(end + 1, end + 200));
    at = code.indexOf('(', end + 1);
  }
}

/** Where the parenthesis closes that opens here. */
function closingOf(code: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < code.length; i += 1) {
    if (code[i] === '(') depth += 1;
    if (code[i] === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return undefined;
}

function placeOf(code: string, at: number): { line: number; column: number } {
  const before = code.slice(0, at).split('\n');
  return { line: before.length - 1, column: before.at(-1)!.length };
}
