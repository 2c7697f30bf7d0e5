import { Metadata } from '@grpc/grpc-js';
import type { RawMetadata } from '../contract.js';

const BINARY = '-bin';

/** Headers of the protocol, which are not metadata of the call. */
const OF_THE_PROTOCOL = new Set([
  'content-type',
  'grpc-encoding',
  'grpc-accept-encoding',
  'accept-encoding',
  'grpc-status',
  'grpc-message',
]);

const made = new WeakMap<RawMetadata, Metadata>();

/**
 * Converts metadata; the result for a frozen array is cached.
 * @throws Error if a name or a value cannot be sent
 */
export function toMetadata(raw: RawMetadata): Metadata {
  const known = made.get(raw);
  if (known !== undefined) return known;
  const metadata = new Metadata();
  for (let i = 0; i < raw.length; i += 2) {
    const [name, value] = [raw[i]!, raw[i + 1]!];
    metadata.add(name, name.endsWith(BINARY) ? Buffer.from(value, 'base64') : value);
  }
  if (Object.isFrozen(raw)) made.set(raw, metadata);
  return metadata;
}

export function fromMetadata(metadata: Metadata): RawMetadata {
  const raw: string[] = [];
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    if (OF_THE_PROTOCOL.has(name)) continue;
    for (const value of values) raw.push(name, typeof value === 'string' ? value : unpadded(value));
  }
  return raw;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
