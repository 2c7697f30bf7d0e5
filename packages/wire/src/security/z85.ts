const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Encodes bytes in Z85: five digits for each four bytes (ZeroMQ RFC 32). */
export function z85(bytes: Buffer): string {
  let text = '';
  for (let offset = 0; offset < bytes.byteLength; offset += 4) {
    let value = bytes.readUInt32BE(offset);
    let digits = '';
    for (let n = 0; n < 5; n += 1) {
      digits = DIGITS[value % 85]! + digits;
      value = Math.floor(value / 85);
    }
    text += digits;
  }
  return text;
}
