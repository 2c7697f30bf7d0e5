/** A character that PostgreSQL stores in place of those that it refuses. */
const REPLACEMENT = '�';

/** Text without what PostgreSQL refuses: NUL, and halves of surrogate pairs. */
export function cleanText(text: string): string {
  return Buffer.from(text.replaceAll('\0', REPLACEMENT)).toString();
}

/** A value as JSON that `jsonb` accepts, which refuses the same characters as text. */
export function cleanJson(value: unknown): string {
  // An escape follows an even number of backslashes.
  return JSON.stringify(value).replaceAll(
    /(?<=(?<!\\)(?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g,
    REPLACEMENT,
  );
}
