import { textOf, type JsonObject } from '../json-text.js';
import { wordsOf } from '../recording/words.js';

/** By format, as JSON Schema and OpenAPI name them. */
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

/** By the last word of a name, where the format is not given. */
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

/** Longer ones are for the author to write. */
const LONGEST_TEXT = 1_000;

/** A text that a schema allows and that names its field: `first name`, `grant-1` for an ID. */
export function sampleText({ format, minLength, maxLength }: JsonObject, name: string): string {
  const words = wordsOf(name);
  const last = words.at(-1) ?? 'text';
  const made = last === 'id' ? [...words.slice(0, -1), '1'].join('-') : words.join(' ') || last;
  const text = ownOf(BY_FORMAT, textOf(format)) ?? ownOf(BY_NAME, last) ?? made;
  const least = Math.min(LONGEST_TEXT, Number(minLength ?? 0) || 0);
  return text.padEnd(least, 'x').slice(0, Number(maxLength ?? Math.max(least, text.length)));
}

/** What a table has under a name of someone else's: not what every object has. */
function ownOf(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The smallest number that a schema allows, from 1 on if it allows that. */
export function sampleNumber({ minimum, exclusiveMinimum, maximum, multipleOf }: JsonObject): number {
  const step = Number(multipleOf ?? 1) || 1;
  // In OpenAPI 3.0 `exclusiveMinimum` is a boolean that applies to `minimum`.
  const bound = exclusiveMinimum === true ? minimum : exclusiveMinimum;
  const least = typeof bound === 'number' ? bound + step : Number(minimum ?? step);
  const value = Math.ceil(least / step) * step;
  return maximum === undefined ? value : Math.min(value, Number(maximum));
}
