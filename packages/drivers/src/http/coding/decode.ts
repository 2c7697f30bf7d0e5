import { codingsOf, decodersOf, undecodable } from './codings.js';

/**
 * Decodes the content codings of a body, last one first.
 * @param label label for messages, such as `GET /products`
 * @param maxBytes limit of the output of each coding; 0 means no limit
 * @throws BodyError naming the coding if it is unknown, the body is invalid, or the output too
 * large
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
