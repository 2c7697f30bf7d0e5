/** Start of a body or message that is shown, in characters. */
const MAX_BODY = 1_000;
/** More bytes of a body are not needed: a character has at most four. */
export const SHOWN_BYTES = 4 * MAX_BODY;
/** Headers that hold credentials. Their values are never shown. */
const CONFIDENTIAL = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key']);
const HIDDEN = '(hidden)';

/** Text of a request or response: first line, headers without credentials, start of the body. */
export function evidenceText(
  firstLine: string,
  headers: Iterable<readonly [name: string, value: string]>,
  body = '',
): string {
  const lines = [...headers].map(
    ([name, value]) => `${name}: ${CONFIDENTIAL.has(name.toLowerCase()) ? HIDDEN : value}`,
  );
  return [firstLine, ...lines, ...(body === '' ? [] : ['', body])].join('\n');
}

/** Name, value, name, value, … as pairs. */
export function headerPairs(flat: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!] as const);
}

/** The start of a body as text. Empty if it is. */
export function printed(body: Uint8Array | string): string {
  if (body.length === 0) return '';
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body.subarray(0, SHOWN_BYTES));
  if (text.slice(0, MAX_BODY).includes('\0')) return `(${body.length} bytes that are not text)`;
  return text.length <= MAX_BODY ? text : `${text.slice(0, MAX_BODY)}…`;
}
