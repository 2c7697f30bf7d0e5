import { decodeBody } from '@drumline/drivers';
import type { DebugBody, DebugHeaders } from './events.js';

/** The most of a body that is kept, bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Tokens in responses of login endpoints. */
const TOKENS = /("(?:access|refresh|id)_token"\s*:\s*")([^"]*)"/g;
/** Control characters that do not occur in text. */
// oxlint-disable-next-line no-control-regex
const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Text if the bytes are UTF-8 without control characters, otherwise Base64. */
export function bodyOf(content: Uint8Array | string, wholeBytes?: number): DebugBody {
  const all = typeof content === 'string' ? Buffer.from(content) : content;
  const kept = all.subarray(0, MAX_BODY_BYTES);
  const bytes = wholeBytes ?? all.length;
  const isCut = kept.length < bytes;
  const text = textOf(kept, isCut);
  if (text !== undefined) return { bytes, text, isCut };
  return { bytes, base64: Buffer.from(kept).toString('base64'), isCut };
}

/** A response body, decompressed if that is possible. */
export function responseBodyOf(
  bytes: Uint8Array,
  wholeBytes: number,
  contentEncoding: string | undefined,
): DebugBody | undefined {
  if (wholeBytes === 0) return undefined;
  if (contentEncoding === undefined) return bodyOf(bytes, wholeBytes);
  try {
    return bodyOf(decodeBody(bytes, contentEncoding, 'the response', 64 * MAX_BODY_BYTES));
  } catch {
    return bodyOf(bytes, wholeBytes);
  }
}

/** A body of which nothing can be shown. */
export function withheldBody(bytes: number, withheld: string): DebugBody {
  return { bytes, isCut: true, withheld };
}

/** Headers with credentials. The scheme and the length are enough to see what was sent. */
const CREDENTIALS = new Set(['authorization', 'proxy-authorization']);
/** Schemes that send a signature instead of credentials. */
const SIGNED = /^(?:digest|aws4-hmac-sha256) /i;

/** Flat headers as pairs, without credentials. */
export function pairsOf(flat: readonly string[]): DebugHeaders {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [name, value] = [flat[i]!, flat[i + 1]!];
    pairs.push([name, CREDENTIALS.has(name.toLowerCase()) ? hidden(value) : value]);
  }
  return pairs;
}

function hidden(value: string): string {
  if (SIGNED.test(value)) return value;
  const [, scheme = '', rest = ''] = /^(\w+ +)?(.*)$/s.exec(value) ?? [];
  return `${scheme}(hidden, ${rest.length} characters)`;
}

/** @param isCut whether the last character may be incomplete */
function textOf(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    if (BINARY.test(text)) return undefined;
    return text.replaceAll(
      TOKENS,
      (_, name: string, { length }: string) => `${name}(hidden, ${length} characters)"`,
    );
  } catch {
    return undefined;
  }
}
