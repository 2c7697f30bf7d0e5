import type { FormPart } from '../recording/recorded.js';
import type { CommandFiles } from './files.js';

/** The types that curl derives from file name extensions. */
const TYPES: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  pdf: 'application/pdf',
  xml: 'application/xml',
};

/** The content and the attributes of a `--form` value. */
interface PartOptions {
  readonly content: string;
  readonly type: string | undefined;
  readonly filename: string | undefined;
  /** Attributes that scenarios do not support. */
  readonly unknown: readonly string[];
}

/**
 * Parses `name=value`, `name=@file;type=image/png;filename=x.png` or `name=<file` (content as
 * value).
 * @param literal whether the value has no special characters, as with `--form-string`
 * @param unsupported receives the attributes that scenarios do not support
 */
export function readPart(
  text: string,
  literal: boolean,
  files: CommandFiles,
  unsupported: string[],
): FormPart[] {
  const equals = text.indexOf('=');
  const [name, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
  if (literal) return [{ name, value, isWhole: true }];
  if (/^\(|^\)/.test(value)) {
    unsupported.push(`--form ${text}`);
    return [];
  }
  const isFile = value.startsWith('@');
  const { content, type, filename, unknown } = readOptions(
    /^[@<]/.test(value) ? value.slice(1) : value,
    isFile,
  );
  unsupported.push(...unknown.map((option) => `--form ${name}=…${option}`));
  if (!isFile) {
    const read = value.startsWith('<') ? files.content(content) : content;
    return [{ name, value: read, fileName: filename, contentType: type, isWhole: true }];
  }
  const read = files.content(content);
  const base = filename ?? content.split(/[\\/]/).at(-1)!;
  const usual = TYPES[/\.([^.]+)$/.exec(content)?.[1]?.toLowerCase() ?? ''];
  return [{ name, value: read, fileName: base, contentType: type ?? usual, isWhole: true }];
}

const OPTION = /;\s*(?:type|filename|headers|encoder)=/i;

/**
 * Splits a value into its content and its attributes. Semicolons in quotes are literal.
 * @param isFile whether the content also ends at a comma, as between files
 */
function readOptions(text: string, isFile: boolean): PartOptions {
  const [content, rest] = readValue(text, isFile ? /[;,]/ : /;/);
  const options = new Map<string, string>();
  const unknown: string[] = [];
  let left = rest;
  while (left !== '') {
    const [, key = '', after = ''] = /^;\s*(type|filename|headers|encoder)=([\s\S]*)$/i.exec(left) ?? [];
    if (key === '') {
      // curl reports an unknown attribute and continues.
      const next = left.slice(1).search(OPTION);
      unknown.push(next < 0 ? left : left.slice(0, next + 1));
      left = next < 0 ? '' : left.slice(next + 1);
      continue;
    }
    // A type may have parameters.
    const [value, next] = readValue(after, OPTION);
    if (/^(?:headers|encoder)$/i.test(key)) unknown.push(`;${key}=${value}`);
    else options.set(key.toLowerCase(), value);
    left = next;
  }
  return { content, type: options.get('type'), filename: options.get('filename'), unknown };
}

/** Reads a value in quotes, or up to a match of `end`. */
function readValue(text: string, end: RegExp): readonly [value: string, rest: string] {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"\s*(?=;|$)/.exec(text);
  if (quoted !== null) return [quoted[1]!.replaceAll(/\\(["\\])/g, '$1'), text.slice(quoted[0].length)];
  const at = text.search(end);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

/** Whether an object can represent the parts without changing their order. */
export function keepsOrder(parts: readonly FormPart[]): boolean {
  const names = parts.map(({ name }) => name);
  const grouped = [...new Set(names)].flatMap((name) => names.filter((one) => one === name));
  const isNumber = (name: string): boolean => /^(?:0|[1-9]\d*)$/.test(name);
  return grouped.every((name, index) => name === names[index]) && !names.some(isNumber);
}
