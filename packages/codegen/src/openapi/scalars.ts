import { textOf, type JsonObject } from '../source/json-text.js';
import { wordsOf } from '../recording/words.js';

/** Values by `format` of JSON Schema and OpenAPI. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'user@example.com',
  'idn-email': 'user@example.com',
  hostname: 'www.example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  byte: 'dGV4dA==',
  binary: 'content',
};

/** Values by the last word of a name, for schemas without a format. */
const BY_NAME: Readonly<Record<string, string>> = {
  email: 'user@example.com',
  url: 'https://example.com/',
  uri: 'https://example.com/',
  currency: 'EUR',
  country: 'GB',
  language: 'en',
  locale: 'en-GB',
  phone: '+44 20 7946 0958',
  date: '2026-01-31',
};

/** Characters of the longest generated text, even if `minLength` requires more. */
const LONGEST_TEXT = 1_000;

/**
 * Generates a text for a schema from the name of the field: `first name`, or `grant-1` for an id.
 */
export function sampleText({ format, minLength, maxLength }: JsonObject, name: string): string {
  const words = wordsOf(name);
  const last = words.at(-1) ?? 'text';
  const made = last === 'id' ? [...words.slice(0, -1), '1'].join('-') : words.join(' ') || last;
  const text = ownProperty(BY_FORMAT, textOf(format)) ?? ownProperty(BY_NAME, last) ?? made;
  const least = Math.min(LONGEST_TEXT, Number(minLength ?? 0) || 0);
  return text.padEnd(least, 'x').slice(0, Number(maxLength ?? Math.max(least, text.length)));
}

/** Looks up an own property, because names such as `constructor` come from the document. */
function ownProperty(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The smallest number that a schema allows, or 1 if it has no minimum. */
export function sampleNumber({ minimum, exclusiveMinimum, maximum, multipleOf }: JsonObject): number {
  const step = Number(multipleOf ?? 1) || 1;
  // In OpenAPI 3.0 `exclusiveMinimum` is a boolean that applies to `minimum`.
  const bound = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const least = typeof bound === 'number' ? bound + step : Number(minimum ?? step);
  const value = Math.ceil(least / step) * step;
  return maximum === undefined ? value : Math.min(value, Number(maximum));
}
