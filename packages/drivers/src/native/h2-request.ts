import type { EngineRequest } from '../engine/contract.js';
import { HeaderBlock } from '../h2/header-block.js';
import { encodeField } from '../h2/hpack/encoder.js';
import { encodePseudoField, encodeUserField, FieldCache, InvalidRequest } from './h2-fields.js';

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PATH = /^[\x21-\x7e\x80-\xff]+$/;
/** Methods that say how long their body is even if there is none: RFC 9110, section 8.6. */
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

/** Makes header blocks of requests: RFC 9113, section 8.3.1. One for all connections of a lane. */
export class RequestEncoder {
  readonly #fields = new FieldCache(encodeUserField);
  readonly #pseudoFields = new FieldCache(encodePseudoField);

  /** @throws InvalidRequest if it cannot be sent */
  encode(request: EngineRequest): HeaderBlock {
    const { headers, method, origin, path } = request;
    if (!METHOD.test(method)) throw new InvalidRequest('INVALID_METHOD', `the method '${method}' is no word`);
    if (!PATH.test(path))
      throw new InvalidRequest('INVALID_PATH', `forbidden character in the path '${path}'`);
    const schemeEnd = origin.indexOf('://');
    let authority = origin.slice(schemeEnd + 3);
    let contentLength: string | undefined;
    let encoded = '';
    for (let i = 0; i < headers.length; i += 2) {
      const field = this.#fields.get(headers[i]!, headers[i + 1]!);
      encoded += field.encoded;
      if (field.name === 'host') authority = field.value;
      else if (field.name === 'content-length') contentLength = field.value;
    }
    return new HeaderBlock(
      this.#pseudoFields.get(':method', method).encoded +
        this.#pseudoFields.get(':scheme', origin.slice(0, schemeEnd)).encoded +
        this.#pseudoFields.get(':authority', authority).encoded +
        encodeField(':path', path) +
        encoded +
        this.#contentLength(request, contentLength),
      method === 'HEAD',
    );
  }

  /** @param given what the user said it is */
  #contentLength(request: EngineRequest, given: string | undefined): string {
    const bytes = bodyBytes(request);
    if (given === undefined)
      return bytes === -1 ? '' : this.#fields.get('content-length', String(bytes)).encoded;
    const unknown = bytes === -1 && request.body !== undefined;
    if (unknown || given === String(bytes)) return '';
    throw new InvalidRequest('INVALID_LENGTH', 'the content-length header differs from the body');
  }
}

/** What was made of the last request of a connection: as users send the same again and again, it may do for the next. */
export class RequestMemo {
  #headers: readonly string[] = [];
  #origin = '';
  #method = '';
  #path = '';
  #bodyBytes = -1;
  #block: HeaderBlock | undefined;

  constructor(private readonly encoder: RequestEncoder) {}

  /** @throws InvalidRequest if it cannot be sent */
  encode(request: EngineRequest): HeaderBlock {
    const bytes = bodyBytes(request);
    if (
      this.#block === undefined ||
      this.#headers !== request.headers ||
      this.#path !== request.path ||
      this.#method !== request.method ||
      this.#origin !== request.origin ||
      this.#bodyBytes !== bytes
    ) {
      this.#block = this.encoder.encode(request);
      this.#headers = request.headers;
      this.#path = request.path;
      this.#method = request.method;
      this.#origin = request.origin;
      this.#bodyBytes = bytes;
    }
    return this.#block;
  }
}

/** What the engine announces; -1 for nothing. */
function bodyBytes({ body, method }: EngineRequest): number {
  if (body === undefined) return WITH_CONTENT.has(method) ? 0 : -1;
  return body instanceof Uint8Array ? body.length : (body.lengthBytes ?? -1);
}
