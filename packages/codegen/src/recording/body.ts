import { isCode, type Value } from '../code/code.js';
import type { BodyDraft } from '../code/draft.js';
import { grouped } from './grouped.js';
import { baseType } from './headers.js';
import type { FormPart, RecordedBody } from './recorded.js';

/** The body with the most readable request option; undefined for no body. */
export function bodyOf({ mimeType, text, parts, isAsWritten }: RecordedBody): BodyDraft | undefined {
  const type = baseType(mimeType);
  if (isCode(text) || isAsWritten) return { option: 'body', value: text };
  if (type === 'multipart/form-data') {
    const fields = parts ?? partsOf(text, boundaryOf(mimeType));
    if (fields.length > 0)
      return { option: 'multipart', value: grouped(fields.map((part) => [part.name, partValue(part)])) };
  }
  if (type === 'application/x-www-form-urlencoded') {
    const fields =
      text === '' && parts ? parts.map(({ name, value }) => [name, value] as const) : formFields(text);
    if (fields !== undefined && fields.length > 0) return { option: 'form', value: grouped(fields) };
  }
  if (text === '') return undefined;
  if (isJsonType(type) || /^\s*[[{]/.test(text)) {
    const json = exactJson(text);
    if (json !== undefined) return { option: 'json', value: json };
  }
  return { option: 'body', value: text };
}

export function isJsonType(type: string): boolean {
  return /[/+]json$/.test(baseType(type));
}

/**
 * The fields of `a=1&b=2`; undefined if an object of fields cannot represent the text exactly, as
 * with a `flag` without a value.
 */
export function formFields(text: string): [name: string, value: string][] | undefined {
  if (/^\s*[[{]/.test(text) || !text.split('&').every(isReadable)) return undefined;
  const fields = [...new URLSearchParams(text)];
  const names = fields.map(([name]) => name);
  const apart = names.some((name, index) => names.indexOf(name) !== index && names[index - 1] !== name);
  // Objects order integer keys before others.
  return apart || names.some((name) => /^(?:0|[1-9]\d*)$/.test(name)) ? undefined : fields;
}

/** Whether a pair survives decoding and encoding: it has a value, and its escapes are UTF-8. */
function isReadable(pair: string): boolean {
  if (!pair.includes('=')) return false;
  try {
    decodeURIComponent(pair);
    return true;
  } catch {
    return false;
  }
}

/** Parses JSON; undefined if that would lose more than whitespace, such as digits or keys. */
function exactJson(text: string): Value | undefined {
  try {
    const value = JSON.parse(text) as Value;
    return JSON.stringify(value) === withoutSpace(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Removes whitespace from JSON, and writes strings as `JSON.stringify` does. */
function withoutSpace(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (token) =>
    token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : '',
  );
}

/** The value of a form part. Recorders often omit the content of files. */
function partValue({ value, fileName, contentType, isWhole }: FormPart): Value {
  const hasType = contentType !== undefined && contentType !== '';
  if (fileName === undefined && !hasType) return value;
  const isUnknown = fileName !== undefined && isWhole !== true && (value === '' || value === '(binary)');
  return {
    ...(fileName !== undefined && { filename: fileName }),
    ...(hasType && { contentType }),
    content: isUnknown ? 'replace this with the content of the file' : value,
  };
}

function boundaryOf(mimeType: string): string | undefined {
  return /boundary="?([^";]+)"?/i.exec(mimeType)?.[1];
}

/** The parts of a body of `multipart/form-data` (RFC 7578). */
function partsOf(text: string, boundary: string | undefined): FormPart[] {
  if (boundary === undefined) return [];
  return text.split(`--${boundary}`).flatMap((piece): FormPart[] => {
    const [head = '', ...rest] = piece.replace(/^\r?\n/, '').split(/\r?\n\r?\n/);
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) return [];
    return [
      {
        name,
        value: rest.join('\r\n\r\n').replace(/\r?\n$/, ''),
        fileName: /\bfilename="([^"]*)"/i.exec(head)?.[1],
        contentType: /^content-type:\s*(\S+)/im.exec(head)?.[1],
      },
    ];
  });
}
