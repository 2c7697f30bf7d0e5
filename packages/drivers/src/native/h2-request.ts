import type { EngineRequest } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';
import { HeaderBlock } from '../h2/header-block.js';
import { encodeField } from '../h2/hpack/encoder.js';
import { RecentMap } from '../h2/recent-map.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PATH = /^[\x21-\x7e\x80-\xff]+$/;
// oxlint-disable-next-line no-control-regex -- the point of it
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Headers about the connection, which HTTP/2 does not have: RFC 9113, section 8.2.2. `host` becomes `:authority`. */
const LEFT_OUT = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
/** Methods that say how long their body is even if there is none: RFC 9110, section 8.6. */
const WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

/** What was made of an array of headers, and of the last request that had it. */
interface Prepared {
  readonly encoded: string;
  readonly authority: string | undefined;
  readonly contentLength: string | undefined;
  method: string;
  origin: string;
  path: string;
  lengthBytes: number;
  block: HeaderBlock | undefined;
}

/** Makes the header blocks of requests, and remembers what it made: one for all connections of a lane. */
export class RequestEncoder {
  readonly #prepared = new RecentMap<readonly string[], Prepared>(1024);
  readonly #fields = new RecentMap<string, string>(1024);

  /** @throws InvalidRequest if it cannot be sent */
  encode(request: EngineRequest): HeaderBlock {
    const { headers, method, origin, path } = request;
    const lengthBytes = lengthOfBody(request);
    let prepared = this.#prepared.get(headers);
    if (prepared === undefined) {
      prepared = this.#prepare(headers);
      this.#prepared.set(headers, prepared);
    }
    if (
      prepared.block !== undefined &&
      prepared.path === path &&
      prepared.method === method &&
      prepared.origin === origin &&
      prepared.lengthBytes === lengthBytes
    ) {
      return prepared.block;
    }
    prepared.method = method;
    prepared.origin = origin;
    prepared.path = path;
    prepared.lengthBytes = lengthBytes;
    return (prepared.block = this.#block(request, prepared, lengthBytes));
  }

  #block(request: EngineRequest, prepared: Prepared, lengthBytes: number): HeaderBlock {
    const { method, origin, path } = request;
    if (!TOKEN.test(method)) throw new InvalidRequest('INVALID_METHOD', 'the method is no word');
    if (!PATH.test(path)) throw new InvalidRequest('INVALID_PATH', 'forbidden character in the path');
    const [scheme, authority] = origin.split('://') as [string, string];
    let encoded =
      this.#field(':method', method) +
      this.#field(':scheme', scheme) +
      this.#field(':authority', prepared.authority ?? authority) +
      encodeField(':path', path) +
      prepared.encoded;
    const unknown = lengthBytes === -1 && request.body !== undefined;
    if (prepared.contentLength === undefined) {
      if (lengthBytes >= 0) encoded += this.#field('content-length', String(lengthBytes));
    } else if (!unknown && prepared.contentLength !== String(lengthBytes)) {
      throw new InvalidRequest('INVALID_LENGTH', 'the content-length header differs from the body');
    }
    return new HeaderBlock(encoded, method === 'HEAD');
  }

  #prepare(headers: readonly string[]): Prepared {
    let encoded = '';
    let authority: string | undefined;
    let contentLength: string | undefined;
    for (let i = 0; i < headers.length; i += 2) {
      const name = headers[i]!.toLowerCase();
      const value = headers[i + 1]!.trim();
      if (!TOKEN.test(name))
        throw new InvalidRequest('INVALID_HEADER', `forbidden character in the name of header ${name}`);
      if (FORBIDDEN_IN_VALUE.test(value))
        throw new InvalidRequest('INVALID_HEADER', `forbidden character in the value of header ${name}`);
      if (name === 'host') authority ??= value;
      if (name === 'content-length') contentLength = value;
      if (!LEFT_OUT.has(name) || (name === 'te' && value === 'trailers')) encoded += this.#field(name, value);
    }
    return {
      encoded,
      authority,
      contentLength,
      method: '',
      origin: '',
      path: '',
      lengthBytes: -1,
      block: undefined,
    };
  }

  #field(name: string, value: string): string {
    const key = `${name}:${value}`;
    let encoded = this.#fields.get(key);
    if (encoded === undefined) {
      encoded = encodeField(name, value);
      this.#fields.set(key, encoded);
    }
    return encoded;
  }
}

/** A request that cannot be sent as it is. */
export class InvalidRequest extends Error {
  readonly failure: Failure;

  constructor(code: string, message: string) {
    super(message);
    this.failure = { class: 'invalid', code, message };
  }
}

/** -1 if it is not announced. */
function lengthOfBody({ body, method }: EngineRequest): number {
  if (body === undefined) return WITH_CONTENT.has(method) ? 0 : -1;
  return body instanceof Uint8Array ? body.length : (body.lengthBytes ?? -1);
}
