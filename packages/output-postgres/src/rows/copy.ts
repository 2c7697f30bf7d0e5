import { cleanJson, cleanText } from './text.js';

/** A value of a row: an object is stored as JSON, bytes as `bytea`. */
export type Value = string | number | boolean | null | Uint8Array | Readonly<Record<string, unknown>>;

/** Encodes rows in the text format of COPY. */
export function copyText(rows: Iterable<readonly Value[]>): string {
  let text = '';
  for (const row of rows) text += `${row.map(encode).join('\t')}\n`;
  return text;
}

function encode(value: Value): string {
  if (value === null) return String.raw`\N`;
  if (typeof value === 'string') return escape(cleanText(value));
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return String.raw`\\x` + Buffer.from(value).toString('hex');
  return escape(cleanJson(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
};

function escape(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
}
