import { messageOf } from '@drumline/model';

/** An object of parsed JSON whose fields have not been validated. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * Parses JSON.
 * @throws Error if the text is not JSON, with the line and column if they are known
 */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = messageOf(error);
    const position = /at position (\d+)/.exec(message)?.[1];
    const what = message.replace(/ in JSON at position \d+.*| at position \d+.*/s, '');
    if (/unexpected end|unterminated/i.test(message) || Number(position) >= text.length)
      throw new Error(`the text ends too early, at ${placeOf(text, text.length)}. Is the file complete?`, {
        cause: error,
      });
    throw new Error(position === undefined ? what : `${what}, ${placeOf(text, Number(position))}`, {
      cause: error,
    });
  }
}

/** `line 3, column 14`, counted from 1. */
function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, otherwise an empty object. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value if it is an array, otherwise an empty array. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A string, number or boolean as a string; empty for anything else. */
export function scalarTextOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? String(value as string | number | boolean)
    : '';
}

/** The value if it is a string, otherwise an empty string. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
