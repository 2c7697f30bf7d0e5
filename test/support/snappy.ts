/** Reads a block of Snappy with literals and copies that have offsets of two bytes. */
export function snappyDecompress(bytes: Buffer): Buffer {
  let at = 0;
  let [length, unit] = [0, 1];
  for (let byte = 0x80; byte > 0x7f; unit *= 0x80) {
    byte = bytes[at++]!;
    length += (byte & 0x7f) * unit;
  }
  const output = Buffer.alloc(length);
  let end = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    const size = (tag >> 2) + 1;
    if ((tag & 3) === 0) {
      const more = Math.max(0, size - 60);
      const literal = more === 0 ? size : bytes.readUIntLE(at, more) + 1;
      at += more;
      end += bytes.copy(output, end, at, at + literal);
      at += literal;
      continue;
    }
    if ((tag & 3) !== 2) throw new Error(`tag ${tag}`);
    const offset = bytes.readUInt16LE(at);
    at += 2;
    if (offset === 0 || offset > end) throw new Error(`offset ${offset} at ${end}`);
    for (let i = 0; i < size; i++, end++) output[end] = output[end - offset]!;
  }
  if (end !== length) throw new Error(`${end} of ${length} bytes`);
  return output;
}
