import { encodeField } from '../h2/hpack/encoder.js';
import { RecentMap } from '../engine/recent-map.js';
import { checkHeader } from './request-rules.js';

/**
 * Connection headers, which HTTP/2 does not have: RFC 9113, section 8.2.2. `host` becomes
 * `:authority`, and the engine announces the length of the body.
 */
const LEFT_OUT = new Set([
  'connection',
  'content-length',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'upgrade',
]);

const MAX_NAMES = 128;
const MAX_VALUES = 256;
const MAX_CACHED_BYTES = 1024;

/** A header of a request. */
export interface Field {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Empty if the header is left out. */
  readonly encoded: string;
}

/**
 * Recently encoded headers, by name and value as the user wrote them. Shared by all connections of
 * a lane.
 */
export class FieldCache {
  readonly #byName = new RecentMap<string, RecentMap<string, Field>>(MAX_NAMES);

  constructor(private readonly encode: (name: string, value: string) => Field) {}

  /** @throws InvalidRequest if it cannot be sent */
  get(name: string, value: string): Field {
    let byValue = this.#byName.get(name);
    if (byValue === undefined) {
      byValue = new RecentMap(MAX_VALUES);
      this.#byName.set(name, byValue);
    }
    let field = byValue.get(value);
    if (field === undefined) {
      field = this.encode(name, value);
      if (value.length <= MAX_CACHED_BYTES) byValue.set(value, field);
    }
    return field;
  }
}

/** @throws InvalidRequest if it cannot be sent */
export function encodeUserField(writtenName: string, writtenValue: string): Field {
  checkHeader(writtenName, writtenValue);
  const name = writtenName.toLowerCase();
  const value = writtenValue.trim();
  const leftOut = LEFT_OUT.has(name) || (name === 'te' && value !== 'trailers');
  return { name, value, encoded: leftOut ? '' : encodeField(name, value) };
}

export function encodeEngineField(name: string, value: string): Field {
  return { name, value, encoded: encodeField(name, value) };
}
