import { pipeline, Readable } from 'node:stream';
import { BodyError } from './body-error.js';
import { codingsOf, decodersOf, undecodable } from './codings.js';

/** The response whose body is decoded. */
export interface DecodedBody {
  /** Label of the request, such as `GET /products`. */
  readonly label: string;
  /** Called if the body cannot be decoded. */
  readonly onFault: (error: BodyError) => void;
}

/**
 * Decodes a body while it is read. Leaving the loop stops reading the body. A slow reader pauses
 * the decoder.
 * @throws BodyError like `decodeBody`, while reading
 */
export function decodeStream(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string | undefined,
  decoded: DecodedBody,
): AsyncIterable<Uint8Array> {
  const codings = codingsOf(contentEncoding);
  if (codings.length === 0) return body;
  return { [Symbol.asyncIterator]: () => decode(body[Symbol.asyncIterator](), codings, decoded) };
}

async function* decode(
  body: AsyncIterator<Uint8Array>,
  codings: readonly string[],
  { label, onFault }: DecodedBody,
): AsyncGenerator<Uint8Array> {
  let failedPart: string | undefined;
  const failed = (error: BodyError): BodyError => {
    onFault(error);
    return error;
  };
  try {
    const first = await body.next();
    if (first.done === true) return;
    const source = Readable.from({ [Symbol.asyncIterator]: () => body });
    source.once('error', () => (failedPart ??= 'source'));
    const streams = decodersOf(codings, label).map((decoder, i) => {
      const stream = decoder.open(i === 0 ? first.value : undefined);
      return stream.once('error', () => (failedPart ??= codings[i]!));
    });
    streams[0]!.write(first.value);
    yield* pipeline([source, ...streams], () => {}) as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (error instanceof BodyError) throw failed(error);
    throw failedPart === undefined || failedPart === 'source'
      ? error
      : failed(undecodable(failedPart, error, label, 0));
  } finally {
    await body.return?.();
  }
}
