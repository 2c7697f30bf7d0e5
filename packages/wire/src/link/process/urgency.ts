/** Messages that show that a worker is alive. The master gets them before reports. */
const URGENT_TYPES = ['heartbeat', 'hello'];
/** The key `type`, which `encodeMessage` writes first. It follows the header of a msgpack map. */
const TYPE_KEY = Buffer.from('\xa4type', 'latin1');
const PREFIXES = URGENT_TYPES.map((type) =>
  Buffer.concat([TYPE_KEY, Buffer.of(0xa0 + type.length), Buffer.from(type)]),
);

/** Whether a frame is urgent, by its first bytes. Other encodings of the message are not urgent. */
export function isUrgent(frame: Buffer): boolean {
  const at = frame[0] === 0xde ? 3 : 1;
  return PREFIXES.some(
    (prefix) =>
      frame.byteLength >= at + prefix.byteLength &&
      frame.compare(prefix, 0, prefix.byteLength, at, at + prefix.byteLength) === 0,
  );
}
