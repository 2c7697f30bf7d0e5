import { escapeTemplate } from './escape.js';

/** A name that code takes from the context of its task. */
export type ContextName = 'http' | 'state' | 'sleep';

/** A TypeScript expression in place of a value, such as a variable or a template literal. */
export class Code {
  constructor(
    readonly text: string,
    readonly uses: readonly ContextName[] = [],
  ) {}
}

/** A string, or code that evaluates to one. */
export type Text = string | Code;

/** JSON data that may contain code. */
export type Value =
  string | number | boolean | null | Code | readonly Value[] | { readonly [key: string]: Value };

/** Concatenates texts. The result is a template literal if any of them is code. */
export function concat(parts: readonly Text[]): Text {
  const merged = parts.filter((part) => part !== '');
  if (merged.every((part) => typeof part === 'string')) return merged.join('');
  if (merged.length === 1) return merged[0]!;
  const inner = merged.map((part) =>
    typeof part === 'string' ? escapeTemplate(part) : interpolationOf(part),
  );
  return new Code(`\`${inner.join('')}\``, [
    ...new Set(merged.flatMap((part) => (typeof part === 'string' ? [] : part.uses))),
  ]);
}

/** A nested template literal is replaced by its content. */
function interpolationOf({ text }: Code): string {
  return /^`[^`]*`$/.test(text) ? text.slice(1, -1) : `\${${text}}`;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is an object with fields, and neither an array nor code. */
export function isFields(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Code);
}

export function isCode(value: unknown): value is Code {
  return value instanceof Code;
}
