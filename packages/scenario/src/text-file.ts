/** Deeper than anything a person or a program means; parsers of YAML take minutes over it. */
const MAX_DEPTH = 1_000;

/**
 * @throws Error that says in a few words why the bytes are not text that can be read, and how to
 * mend it
 */
export function textOfBytes(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error('it is UTF-16: save it as UTF-8');
  }
  if (bytes.includes(0)) throw new Error('it is not text, as there are zero bytes in it');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8: save it as that', { cause: error });
  }
}

/** @throws Error if JSON or YAML has brackets in each other without end */
export function requireShallow(text: string): void {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]|"(?:[^"\\\n]|\\.)*"/g)) {
    if (bracket === '[' || bracket === '{') depth += 1;
    else if (bracket === ']' || bracket === '}') depth -= 1;
    if (depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} deep`);
  }
}
