import type { EngineRequest } from '../engine/contract.js';
import { HeaderBlock } from '../h2/header-block.js';
import { encodeField } from '../h2/hpack/encoder.js';
import { encodeEngineField, encodeUserField, FieldCache } from './h2-fields.js';
import { announcedBytes, checkTarget } from './request-rules.js';

/**
 * Encodes the headers of requests: RFC 9113, section 8.3.1. Shared by all connections of a lane.
 */
export class RequestEncoder {
  readonly #userFields = new FieldCache(encodeUserField);
  readonly #engineFields = new FieldCache(encodeEngineField);

  /** @throws InvalidRequest if it cannot be sent */
  encode(request: EngineRequest): HeaderBlock {
    const { headers, method, origin, path } = request;
    checkTarget(method, path);
    const schemeEnd = origin.indexOf('://');
    let authority = origin.slice(schemeEnd + 3);
    let contentLength: string | undefined;
    let own = '';
    for (let i = 0; i < headers.length; i += 2) {
      const field = this.#userFields.get(headers[i]!, headers[i + 1]!);
      own += field.encoded;
      if (field.name === 'host') authority = field.value;
      else if (field.name === 'content-length') contentLength = field.value;
    }
    const bytes = request.announceLength === false ? undefined : announcedBytes(request, contentLength);
    return new HeaderBlock(
      this.#field(':method', method) +
        this.#field(':scheme', origin.slice(0, schemeEnd)) +
        this.#field(':authority', authority) +
        encodeField(':path', path) +
        own +
        (bytes === undefined ? '' : this.#field('content-length', String(bytes))),
      method === 'HEAD',
    );
  }

  #field(name: string, value: string): string {
    return this.#engineFields.get(name, value).encoded;
  }
}

interface Remembered {
  readonly request: Pick<EngineRequest, 'headers' | 'origin' | 'method' | 'path' | 'announceLength'>;
  readonly block: HeaderBlock;
  reused: boolean;
}

const REMEMBERED = 4;

/**
 * Caches the encoded headers of a connection's last requests: users send the same ones repeatedly.
 */
export class RequestMemo {
  readonly #recent: Remembered[] = [];
  #oldest = 0;

  constructor(private readonly encoder: RequestEncoder) {}

  /** @throws InvalidRequest if it cannot be sent */
  encode(request: EngineRequest): HeaderBlock {
    const { headers, origin, method, path, body, announceLength } = request;
    if (body !== undefined && announceLength !== false) return this.encoder.encode(request);
    for (const known of this.#recent) {
      if (!isSame(known.request, request)) continue;
      if (!known.reused) known.block.reused();
      known.reused = true;
      return known.block;
    }
    const block = this.encoder.encode(request);
    if (!Object.isFrozen(headers)) return block;
    const known = { headers, origin, method, path, announceLength };
    this.#recent[this.#oldest] = { request: known, block, reused: false };
    this.#oldest = (this.#oldest + 1) % REMEMBERED;
    return block;
  }
}

function isSame(a: Remembered['request'], b: Remembered['request']): boolean {
  return (
    a.headers === b.headers &&
    a.path === b.path &&
    a.method === b.method &&
    a.origin === b.origin &&
    a.announceLength === b.announceLength
  );
}
