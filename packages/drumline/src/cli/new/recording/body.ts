import { isCode, type Value } from '../code/code.js';
import type { BodyDraft } from '../draft.js';
import { baseType } from './headers.js';
import type { FormPart, RecordedBody } from './recorded.js';

/** The body in the option that says most plainly what it is; undefined for none. */
export function bodyOf({ mimeType, text, parts }: RecordedBody): BodyDraft | undefined {
  const type = baseType(mimeType);
  if (isCode(text)) return { option: 'body', value: text };
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

/** A value per name; several of one name are a list. */
export function grouped<T extends Value>(
  fields: readonly (readonly [name: string, value: T])[],
): { [name: string]: Value } {
  const groups = new Map<string, T[]>();
  for (const [name, value] of fields) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(
    [...groups].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}

/** The fields of `a=1&b=2`; undefined if names and values cannot say the same, as in `flag` without a value. */
export function formFields(text: string): [name: string, value: string][] | undefined {
  if (/^\s*[[{]/.test(text)) return undefined;
  const fields = [...new URLSearchParams(text)];
  if (text.split('&').some((pair) => !pair.includes('='))) return undefined;
  const names = fields.map(([name]) => name);
  const apart = names.some((name, index) => names.indexOf(name) !== index && names[index - 1] !== name);
  return apart ? undefined : fields;
}

/** A JSON text as data, unless that loses digits. */
function exactJson(text: string): Value | undefined {
  try {
    const value = JSON.parse(text) as Value;
    const written = JSON.stringify(value);
    return (text.match(/\d{16,}/g) ?? []).every((digits) => written.includes(digits)) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Files of a recording have a name, seldom their content. */
function partValue({ value, fileName, contentType }: FormPart): Value {
  if (fileName === undefined) return value;
  return {
    filename: fileName,
    ...(contentType !== undefined && contentType !== '' && { contentType }),
    content: value === '' || value === '(binary)' ? 'put the content of the file here' : value,
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
