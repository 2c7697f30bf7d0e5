/** The deepest nesting. Parsers of YAML take minutes for deeper files. */
const MAX_DEPTH = 1_000;

/**
 * Decodes a text file.
 * @throws Error with a short reason if the bytes are not UTF-8 text
 */
export function textOfBytes(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Error('it is UTF-16: save it as UTF-8');
  }
  if (bytes.includes(0)) throw new Error('it is not text: it contains zero bytes');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8: save it as UTF-8', { cause: error });
  }
}

/** @throws Error if the brackets of JSON or YAML are nested too deeply */
export function requireShallow(text: string): void {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]|"(?:[^"\\\n]|\\.)*"/g)) {
    if (bracket === '[' || bracket === '{') depth += 1;
    else if (bracket === ']' || bracket === '}') depth -= 1;
    if (depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} levels deep`);
  }
}
