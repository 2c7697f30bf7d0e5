const NEW_LINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;

/**
 * The end of the row that starts at `from`, without its line break.
 * @param quoted whether line breaks in quotes belong to the row, as in CSV
 */
export function rowEnd(bytes: Buffer, from: number, quoted: boolean): number {
  const end = bytes.indexOf(NEW_LINE, from);
  const last = end < 0 ? bytes.length : end;
  if (!quoted) return last;
  const quote = bytes.indexOf(QUOTE, from);
  return quote < 0 || quote > last ? last : quotedRowEnd(bytes, from);
}

/** Quotes toggle, so that a doubled quote inside a field changes nothing. */
function quotedRowEnd(bytes: Buffer, from: number): number {
  let isInside = false;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) isInside = !isInside;
    else if (byte === NEW_LINE && !isInside) return at;
  }
  return bytes.length;
}

/** The text of a row, without the `\r` of a Windows line break. */
export function rowText(bytes: Buffer, from: number, end: number): string {
  return bytes.toString('utf8', from, end > from && bytes[end - 1] === RETURN ? end - 1 : end);
}
