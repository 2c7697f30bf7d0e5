import { pipeline, Readable } from 'node:stream';
import { codingsOf, decoderOf, invalid } from './codings.js';

/**
 * The same for a body that is read in pieces: it is decoded as it is read, and leaving the loop leaves the body.
 * @throws Error as `decodeBody`, while it is read
 */
export function decodeStream(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string | undefined,
  label: string,
): AsyncIterable<Uint8Array> {
  const codings = codingsOf(contentEncoding);
  if (codings.length === 0) return body;
  return { [Symbol.asyncIterator]: () => decode(body[Symbol.asyncIterator](), codings, label) };
}

async function* decode(
  body: AsyncIterator<Uint8Array>,
  codings: readonly string[],
  label: string,
): AsyncGenerator<Uint8Array> {
  let culprit: string | undefined;
  try {
    const first = await body.next();
    if (first.done === true) return;
    const source = Readable.from({ [Symbol.asyncIterator]: () => body });
    source.once('error', () => (culprit ??= 'source'));
    const decoders = codings.map((coding, i) => {
      const decoder = decoderOf(coding, label).open(i === 0 ? first.value : undefined);
      return decoder.once('error', () => (culprit ??= coding));
    });
    decoders[0]!.write(first.value);
    yield* pipeline([source, ...decoders], () => {}) as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw culprit === undefined || culprit === 'source' ? error : invalid(culprit, error, label);
  } finally {
    await body.return?.();
  }
}
