import { maskCode } from './mask-code.js';

/** A call whose promise is neither awaited nor used. */
export interface FloatingCall {
  /** `http.get(…)` */
  readonly call: string;
  /** Position in the code, from 0. */
  readonly line: number;
  readonly column: number;
}

const VERBS = 'get|post|put|patch|delete|head|options|request';
/** A chain of names before the last one: `context.http.` */
const CHAIN = String.raw`(?:[\w$]+\??\.)*`;

/**
 * Finds statements that ignore the promise of an asynchronous call. Calls are recognized by name:
 * methods of the context, gRPC services and async functions in the code. `forEach` with an async
 * function is reported, too.
 * @param lines the scenario's own code as printed by the bundler, with a semicolon at each end
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
  // If the code declares or imports such a name, it does not mean the one of the context.
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

/** Whether a statement, rather than part of an expression, begins at this position. */
function beginsStatement(code: string, at: number): boolean {
  const before = code.slice(Math.max(0, at - 2_000), at).trimEnd();
  const last = before.at(-1);
  if (last === undefined || last === ';' || last === '{' || last === '}') return true;
  if (/(?:^|[^\w$.])(?:else|do)$/.test(before)) return true;
  return last === ')' && followsCondition(before);
}

/** Whether the text ends with the parentheses of `if`, `for` or `while`. */
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
 * Whether the statement ends after a call and the calls chained to it.
 * @param open position of the call's opening parenthesis
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

/** Position of the matching closing parenthesis. */
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
