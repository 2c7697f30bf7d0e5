/** Messages that show that a worker lives: they are handed to the master before its reports. */
const URGENT_TYPES = ['heartbeat', 'hello'];
/**
 * A map with up to 15 or with more entries, as msgpack begins it, and the key `type`, which
 * `encodeMessage` writes first.
 */
const TYPE_KEY = Buffer.from('\xa4type', 'latin1');
const PREFIXES = URGENT_TYPES.map((type) =>
  Buffer.concat([TYPE_KEY, Buffer.of(0xa0 + type.length), Buffer.from(type)]),
);

/**
 * Whether a frame goes ahead of others, by its first bytes. A peer that writes it another way waits
 * its turn.
 */
export function isUrgent(frame: Buffer): boolean {
  const at = frame[0] === 0xde ? 3 : 1;
  return PREFIXES.some(
    (prefix) =>
      frame.byteLength >= at + prefix.byteLength &&
      frame.compare(prefix, 0, prefix.byteLength, at, at + prefix.byteLength) === 0,
  );
}
