import { Code, type Value } from './code.js';
import { fill, group, ifBroken, indent, join, line, softLine, type Doc } from './doc.js';
import { escapeQuoted, escapeTemplate, isPlainTemplate } from './escape.js';

/** A value, laid out as prettier does. */
export function valueDoc(value: Value): Doc {
  if (value instanceof Code) return value.text;
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return scalarText(value);
  if (isArray(value)) return arrayDoc(value);
  return bracesDoc(Object.entries(value).map(([key, inner]) => propertyDoc(key, inner)));
}

/** Entries in braces. */
export function bracesDoc(entries: readonly Doc[], { broken = false } = {}): Doc {
  if (entries.length === 0) return '{}';
  return group(['{', indent([line, join([',', line], entries)]), ifBroken(','), line, '}'], { broken });
}

export function propertyDoc(key: string, value: Value): Doc {
  const name = propertyKey(key);
  if (value instanceof Code && value.text === name) return name;
  // As in prettier: a long string moves to the next line if its key exceeds four characters.
  if (typeof value === 'string' && !value.includes('\n') && name.length > 4) {
    return group([name, ':', indent([line, quote(value)])]);
  }
  return [name, ': ', valueDoc(value)];
}

function arrayDoc(values: readonly Value[]): Doc {
  if (values.length === 0) return '[]';
  if (values.length > 1 && values.every((value) => typeof value === 'number')) {
    return group(['[', indent([softLine, fill(values.map(scalarText))]), ifBroken(','), softLine, ']']);
  }
  const items = values.map(valueDoc);
  const broken = values.length > 1 && (values.every(isLargeObject) || values.every(isLargeArray));
  return group(['[', indent([softLine, join([',', line], items)]), ifBroken(','), softLine, ']'], { broken });
}

function scalarText(value: number | boolean | null): string {
  return String(value).replace('e+', 'e');
}

/** A string literal. A text of three or more lines becomes a template literal. */
export function quote(text: string): string {
  return /\n[^\n]+\n/.test(text) && isPlainTemplate(text) ? `\`${escapeTemplate(text)}\`` : plainQuote(text);
}

/**
 * A quoted string, for places that do not allow a template literal, such as keys and module names.
 * The quotes are those that need fewer escapes, single quotes if equal.
 */
export function plainQuote(text: string): string {
  const mark = text.split("'").length > text.split('"').length ? '"' : "'";
  return `${mark}${escapeQuoted(text).replaceAll(mark, `\\${mark}`)}${mark}`;
}

export function propertyKey(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : plainQuote(key);
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isLargeObject(value: Value): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isArray(value) &&
    !(value instanceof Code) &&
    Object.keys(value).length > 1
  );
}

function isLargeArray(value: Value): boolean {
  return typeof value === 'object' && value !== null && isArray(value) && value.length > 1;
}
