import { codingsOf, decodersOf, undecodable } from './codings.js';

/**
 * Takes the content codings of a body off, the last one first.
 * @param label `GET /products`, for messages
 * @param maxBytes of what comes out of each of them; 0 for no limit
 * @throws BodyError that names the coding if it is unknown here, the body is not what it says, or
 * too large
 */
export function decodeBody(
  body: Uint8Array,
  contentEncoding: string | undefined,
  label: string,
  maxBytes: number,
): Uint8Array {
  if (body.length === 0) return body;
  const codings = codingsOf(contentEncoding);
  return decodersOf(codings, label).reduce((bytes, decoder, i) => {
    try {
      return decoder.whole(bytes, maxBytes);
    } catch (cause) {
      throw undecodable(codings[i]!, cause, label, maxBytes);
    }
  }, body);
}
