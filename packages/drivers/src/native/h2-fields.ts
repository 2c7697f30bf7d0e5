import type { Failure } from '../engine/failure.js';
import { encodeField } from '../h2/hpack/encoder.js';
import { RecentMap } from '../h2/recent-map.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Headers about the connection, which HTTP/2 does not have: RFC 9113, section 8.2.2. `host` becomes `:authority`. */
const LEFT_OUT = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** A request that cannot be sent as it is. */
export class InvalidRequest extends Error {
  readonly failure: Failure;

  constructor(code: string, message: string) {
    super(message);
    this.failure = { class: 'invalid', code, message };
  }
}

/** A header of a request. */
export interface Field {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Nothing if it is left out. */
  readonly encoded: string;
}

/** Headers that were encoded lately, by their names and values as the user wrote them: one for all connections of a lane. */
export class FieldCache {
  readonly #byName = new RecentMap<string, RecentMap<string, Field>>(256);

  constructor(private readonly encode: (name: string, value: string) => Field) {}

  /** @throws InvalidRequest if it cannot be sent */
  get(name: string, value: string): Field {
    let byValue = this.#byName.get(name);
    if (byValue === undefined) {
      byValue = new RecentMap(64);
      this.#byName.set(name, byValue);
    }
    let field = byValue.get(value);
    if (field === undefined) {
      field = this.encode(name, value);
      byValue.set(value, field);
    }
    return field;
  }
}

/** @throws InvalidRequest if it cannot be sent */
export function encodeUserField(writtenName: string, writtenValue: string): Field {
  const name = writtenName.toLowerCase();
  const value = writtenValue.trim();
  if (!TOKEN.test(name)) {
    throw new InvalidRequest('INVALID_HEADER', `forbidden character in the header name '${name}'`);
  }
  if (FORBIDDEN_IN_VALUE.test(value)) {
    throw new InvalidRequest('INVALID_HEADER', `forbidden character in the value of the header '${name}'`);
  }
  const leftOut = LEFT_OUT.has(name) || (name === 'te' && value !== 'trailers');
  return { name, value, encoded: leftOut ? '' : encodeField(name, value) };
}

export function encodePseudoField(name: string, value: string): Field {
  return { name, value, encoded: encodeField(name, value) };
}
