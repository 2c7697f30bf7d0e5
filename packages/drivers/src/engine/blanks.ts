const TAB = 0x09;
const SPACE = 0x20;

/**
 * Without the optional white space around it, RFC 9110 §5.6.3; `trim` would take a no-break space
 * too.
 */
export function trimmed(text: string, start = 0, end = text.length): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
