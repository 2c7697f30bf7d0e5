/** Which header names may be there, as 32 bits: a bit that is not set spares the search. */
export function presenceBit(length: number, firstCharacter: number, lastCharacter: number): number {
  // `| 0x20` makes letters lower-case; `<<` counts modulo 32.
  return 1 << (length + (firstCharacter | 0x20) * 3 + (lastCharacter | 0x20) * 5);
}

export function presenceBitOf(name: string): number {
  return presenceBit(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
}
