const TAB = 0x09;
const SPACE = 0x20;

/**
 * Removes optional white space at both ends: RFC 9110, section 5.6.3. `trim` would also remove
 * no-break spaces.
 */
export function trimmed(text: string, start = 0, end = text.length): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
