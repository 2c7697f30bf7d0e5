import type { Fields } from '../calls/headers.js';
import { toBytes, type EncodedBody } from './bytes.js';
import { encodeMultipart } from './multipart.js';
import type { RequestOptions } from './options.js';
import { UploadBody, type StreamedBody } from './upload-body.js';

const KINDS = ['json', 'form', 'multipart', 'body'] as const;

/**
 * The request body from the options; undefined if there is none.
 * @throws TypeError if there is more than one, or it cannot be encoded
 */
export function encodeBody(options: RequestOptions): EncodedBody | undefined {
  const { json, form, multipart, body } = options;
  if (json === undefined && form === undefined && multipart === undefined && body === undefined)
    return undefined;
  refuseTwo(options);
  if (json !== undefined) return { bytes: encodeJson(json), contentType: 'application/json' };
  if (form !== undefined) {
    return { bytes: Buffer.from(encodeFields(form)), contentType: 'application/x-www-form-urlencoded' };
  }
  if (multipart !== undefined) return encodeMultipart(multipart);
  if (isStreamed(body!)) return { bytes: new UploadBody(body, lengthOf(options)) };
  return { bytes: toBytes(body!, 'body') };
}

/** `a=1&b=2&b=3`, percent-encoded as browsers do for forms. */
export function encodeFields(fields: Fields): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) search.append(name, String(one));
    }
  }
  return search.toString();
}

function refuseTwo(options: RequestOptions): void {
  const given = KINDS.filter((kind) => options[kind] !== undefined);
  if (given.length > 1)
    throw new TypeError(`${given[0]} and ${given[1]} are both set: a request can have only one body`);
}

function isStreamed(body: NonNullable<RequestOptions['body']>): body is StreamedBody | (() => StreamedBody) {
  return typeof body === 'function' || (typeof body === 'object' && Symbol.asyncIterator in body);
}

function lengthOf({ bodyLength }: RequestOptions): number | undefined {
  if (bodyLength === undefined || (Number.isInteger(bodyLength) && bodyLength >= 0)) return bodyLength;
  throw new TypeError(`bodyLength must be a whole number of bytes of at least 0, not ${bodyLength}`);
}

function encodeJson(value: unknown): Uint8Array {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`json: a ${typeof value} cannot be written as JSON`);
  return Buffer.from(text);
}
