/**
 * Characters that must not stand in code as they are: control characters, line ends that only
 * JavaScript knows, halves of surrogate pairs, marks that reverse text on a screen, and byte order
 * marks.
 */
const INVISIBLE = String.raw`\p{Cc}\u2028\u2029\p{Cs}\u202A-\u202E\u2066-\u2069\uFEFF`;

const WITHIN_QUOTES = new RegExp(String.raw`[\\${INVISIBLE}]`, 'gu');
const WITHIN_TEMPLATE = new RegExp(String.raw`(?![\n\t])[${INVISIBLE}]`, 'gu');
const IN_COMMENT = new RegExp(`[${INVISIBLE}]`, 'gu');

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as it stands within quotes, except for the quotes themselves. */
export function escapeQuoted(text: string): string {
  return text.replaceAll(WITHIN_QUOTES, escapeCharacter);
}

/** A text as it stands within backticks. */
export function escapeTemplate(text: string): string {
  return text.replaceAll(/[\\`]|\$(?=\{|$)/g, String.raw`\$&`).replaceAll(WITHIN_TEMPLATE, escapeCharacter);
}

/**
 * Whether a text keeps its form within backticks: its line ends and tabs need no escapes, nothing
 * else does.
 */
export function isPlainTemplate(text: string): boolean {
  return text.search(WITHIN_TEMPLATE) < 0;
}

/** A word of a comment without invisible characters. */
export function visible(word: string): string {
  return word.replaceAll(IN_COMMENT, '');
}

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
