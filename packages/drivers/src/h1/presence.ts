/**
 * One of 32 bits for a header name. If the bit is not set, the header is absent and need not be
 * searched for.
 */
export function presenceBit(length: number, firstCharacter: number, lastCharacter: number): number {
  // `| 0x20` makes letters lower-case; `<<` counts modulo 32.
  return 1 << (length + (firstCharacter | 0x20) * 3 + (lastCharacter | 0x20) * 5);
}

export function presenceBitOf(name: string): number {
  return presenceBit(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
}
