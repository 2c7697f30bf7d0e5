/**
 * Characters that are escaped in code: control characters, U+2028 and U+2029, unpaired surrogates,
 * bidirectional controls, and byte order marks.
 */
const INVISIBLE = String.raw`\p{Cc}\u2028\u2029\p{Cs}\u202A-\u202E\u2066-\u2069\uFEFF`;

const WITHIN_QUOTES = new RegExp(String.raw`[\\${INVISIBLE}]`, 'gu');
const WITHIN_TEMPLATE = new RegExp(String.raw`(?![\n\t])[${INVISIBLE}]`, 'gu');
const IN_COMMENT = new RegExp(`[${INVISIBLE}]`, 'gu');

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Escapes a text for a quoted string. Quotes are not escaped. */
export function escapeQuoted(text: string): string {
  return text.replaceAll(WITHIN_QUOTES, escapeCharacter);
}

/** Escapes a text for a template literal. */
export function escapeTemplate(text: string): string {
  return text.replaceAll(/[\\`]|\$(?=\{|$)/g, String.raw`\$&`).replaceAll(WITHIN_TEMPLATE, escapeCharacter);
}

/** Whether a template literal can hold the text without escaping invisible characters. */
export function isPlainTemplate(text: string): boolean {
  return text.search(WITHIN_TEMPLATE) < 0;
}

/** Removes invisible characters from a word of a comment. */
export function visible(word: string): string {
  return word.replaceAll(IN_COMMENT, '');
}

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
