import type { BodyStream } from '../engine/contract.js';
import { toBytes, type EncodedBody } from './bytes.js';
import { encodeMultipart } from './multipart.js';
import type { Fields, RequestOptions, StreamedBody } from './options.js';

const KINDS = ['json', 'form', 'multipart', 'body'] as const;

/**
 * The body that the options ask for; undefined for none.
 * @throws TypeError if they ask for two, or if the value cannot be encoded
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
  if (isStream(body!)) return { bytes: streamed(body, options.bodyLength) };
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
    throw new TypeError(`a request has one body: both ${given[0]} and ${given[1]} were given`);
}

function isStream(body: NonNullable<RequestOptions['body']>): body is StreamedBody {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

function streamed(body: StreamedBody, lengthBytes: number | undefined): BodyStream {
  return { chunks: encoded(body), ...(lengthBytes !== undefined && { lengthBytes }) };
}

async function* encoded(body: StreamedBody): AsyncGenerator<Uint8Array> {
  for await (const piece of body) yield toBytes(piece, 'a piece of the body');
}

function encodeJson(value: unknown): Uint8Array {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`json: a ${typeof value} cannot be written as JSON`);
  return Buffer.from(text);
}
