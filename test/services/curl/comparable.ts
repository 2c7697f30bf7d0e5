import type { Received } from './recorder.js';

/** Headers with intended differences, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  'user-agent': 'each sends its own name; a value that a command sets is compared',
  'accept-encoding': 'Drumline requests compressed responses; a value that a command sets is compared',
  connection: 'Drumline sends it, curl omits it',
  'keep-alive': 'the same',
  'content-length': 'follows from the body, which is compared',
  'transfer-encoding': 'the same',
  expect: 'curl sends 100-continue before large bodies',
};

/** Default values that identify the program, unless the command sets its own. */
const OWN_VALUES = /^(?:curl\/|Drumline|gzip, |deflate, gzip)|^(?:close|keep-alive)$/i;

/**
 * A request without permitted differences: encodings of the same characters, whitespace in JSON,
 * and form boundaries.
 */
export function comparable({ method, target, headers, body }: Received): object {
  const [path = '', query] = target.split(/\?(.*)/s, 2);
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return {
    method,
    path: decoded(path),
    query: query === undefined || query === '' ? undefined : pairsOf(query),
    headers: headers
      .filter(([name, value]) => !(name in ALLOWED) || !isOwn(name, value))
      .map(([name, value]) => `${name}: ${headerValue(name, value)}`)
      .toSorted(),
    body: bodyOf(body, type),
  };
}

function isOwn(name: string, value: string): boolean {
  return OWN_VALUES.test(value) || !/^(?:user-agent|accept-encoding)$/.test(name);
}

function headerValue(name: string, value: string): string {
  if (name === 'content-type') return value.replace(/boundary=.*/, 'boundary=…');
  if (name === 'cookie') return value.split(/;\s*/).toSorted().join('; ');
  // Answers to a challenge contain random values.
  if (value.startsWith('Digest '))
    return (value.match(/\b(?:username|uri|realm)="[^"]*"/g) ?? []).toSorted().join();
  return value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Pairs in order. A plus sign means a space, as in forms. */
function pairsOf(text: string): string[] {
  return text.split('&').map((pair) => decoded(pair.replaceAll('+', ' ')));
}

function bodyOf(body: Buffer, type: string): unknown {
  const text = body.toString('latin1');
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  if (boundary !== undefined) return text.split(`--${boundary}`).slice(1, -1).map(partOf);
  const utf8 = body.toString();
  if (/json/.test(type) || /^\s*[[{]/.test(utf8)) return minified(utf8);
  return /x-www-form-urlencoded/.test(type) ? pairsOf(utf8) : text;
}

/** Removes insignificant whitespace of JSON. Numbers keep their spelling. */
function minified(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? token : ''));
}

function partOf(part: string): object {
  const end = part.indexOf('\r\n\r\n');
  const head = part.slice(2, end).split('\r\n');
  return {
    head: head.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())).toSorted(),
    content: part.slice(end + 4, -2),
  };
}
