const TAB = 0x09;
const SPACE = 0x20;

/**
 * Removes optional whitespace at both ends: RFC 9110, section 5.6.3. `trim` would also remove
 * no-break spaces.
 */
export function trimmed(text: string, start = 0, end = text.length): string {
  while (start < end && isWhitespace(text.charCodeAt(start))) start++;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function isWhitespace(code: number): boolean {
  return code === SPACE || code === TAB;
}
