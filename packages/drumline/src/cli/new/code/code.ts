import { escapeTemplate } from './escape.js';

/** What a function of the scenario must take from its context for a piece of code. */
export type ContextName = 'http' | 'state' | 'sleep';

/** An expression of TypeScript, where data could stand as well: a variable, a template. */
export class Code {
  constructor(
    readonly text: string,
    readonly uses: readonly ContextName[] = [],
  ) {}

  /** Within a text of JSON only its name can stand. */
  toJSON(): string {
    return this.text;
  }
}

/** A text, or code that gives one. */
export type Text = string | Code;

/** What a request sends: data with code in it. */
export type Value =
  string | number | boolean | null | Code | readonly Value[] | { readonly [key: string]: Value };

/** Texts one after the other: as one text if there is no code among them, else as a template. */
export function concat(parts: readonly Text[]): Text {
  const merged = parts.filter((part) => part !== '');
  if (merged.every((part) => typeof part === 'string')) return merged.join('');
  if (merged.length === 1) return merged[0]!;
  const inner = merged.map((part) => (typeof part === 'string' ? escapeTemplate(part) : holeOf(part)));
  return new Code(`\`${inner.join('')}\``, [
    ...new Set(merged.flatMap((part) => (typeof part === 'string' ? [] : part.uses))),
  ]);
}

/** A template within a template is its content. */
function holeOf({ text }: Code): string {
  return /^`[^`]*`$/.test(text) ? text.slice(1, -1) : `\${${text}}`;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is an object with fields: no list, no code. */
export function isFields(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Code);
}

export function isCode(value: unknown): value is Code {
  return value instanceof Code;
}
