import { codingsOf, decoderOf, invalid } from './codings.js';

/**
 * Takes the content codings of a body off, the last one first.
 * @param label `GET /products`, for messages
 * @throws Error that names the coding if it is unknown here, or the body is not what it says
 */
export function decodeBody(body: Uint8Array, contentEncoding: string | undefined, label: string): Uint8Array {
  if (body.length === 0) return body;
  return codingsOf(contentEncoding).reduce((bytes, coding) => {
    const decoder = decoderOf(coding, label);
    try {
      return decoder.whole(bytes);
    } catch (cause) {
      throw invalid(coding, cause, label);
    }
  }, body);
}
