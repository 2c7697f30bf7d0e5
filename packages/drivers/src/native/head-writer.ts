import type { EngineRequest } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Bytes of one character each, no control characters but tabs. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const REQUEST_TARGET = /^[\x21-\x7e\x80-\xff]+$/;
const REMEMBERED_HEADS = 512;

/** The user's headers as they go on the wire. */
interface HeaderLines {
  readonly text: string;
  readonly hasHost: boolean;
  readonly hasConnection: boolean;
  /** `connection: close` was asked for. */
  readonly closes: boolean;
  readonly contentLength: string | undefined;
}

/** What goes before the body. */
export interface WrittenHead {
  readonly text: string;
  /** Whether it asks the server to close the connection. */
  readonly closes: boolean;
}

/** A request that cannot be written. */
export class InvalidRequest extends Error {
  readonly failure: Failure;

  constructor(code: string, message: string) {
    super(message);
    this.failure = { class: 'invalid', code, message };
  }
}

/** Writes the heads of HTTP/1.1 requests (RFC 9112 section 3), and remembers what it made of headers that do not change. */
export class HeadWriter {
  readonly #lines = new WeakMap<readonly string[], HeaderLines>();
  /** Whole heads of requests without body, by what they are made of. */
  readonly #heads = new Map<string, WrittenHead>();
  #headers: readonly string[] | undefined;
  #authority = '';

  /** @throws InvalidRequest if a part of it cannot be sent */
  write(request: EngineRequest, authority: string, keepAlive: boolean): WrittenHead {
    const { method, path, headers, body } = request;
    if (body !== undefined || !keepAlive || method !== 'GET' || !Object.isFrozen(headers))
      return this.#compose(request, authority, keepAlive);
    if (headers !== this.#headers || authority !== this.#authority) {
      this.#headers = headers;
      this.#authority = authority;
      this.#heads.clear();
    }
    let head = this.#heads.get(path);
    if (head === undefined) {
      head = this.#compose(request, authority, keepAlive);
      if (this.#heads.size >= REMEMBERED_HEADS) this.#heads.clear();
      this.#heads.set(path, head);
    }
    return head;
  }

  #compose(request: EngineRequest, authority: string, keepAlive: boolean): WrittenHead {
    const { method, path, headers } = request;
    if (!TOKEN.test(method)) throw new InvalidRequest('INVALID_METHOD', `'${method}' is no HTTP method`);
    if (!REQUEST_TARGET.test(path))
      throw new InvalidRequest('INVALID_PATH', `the path '${path}' must be percent-encoded`);
    const lines = this.#linesOf(headers);
    const closes = !keepAlive || lines.closes;
    return {
      text:
        `${method} ${path} HTTP/1.1\r\n` +
        (lines.hasHost ? '' : `host: ${authority}\r\n`) +
        (closes ? (lines.closes ? '' : 'connection: close\r\n') : lines.hasConnection ? '' : KEEP_ALIVE) +
        lines.text +
        framing(request, lines.contentLength) +
        '\r\n',
      closes,
    };
  }

  #linesOf(headers: readonly string[]): HeaderLines {
    if (!Object.isFrozen(headers)) return composeLines(headers);
    let lines = this.#lines.get(headers);
    if (lines === undefined) {
      lines = composeLines(headers);
      this.#lines.set(headers, lines);
    }
    return lines;
  }
}

const KEEP_ALIVE = 'connection: keep-alive\r\n';

function composeLines(headers: readonly string[]): HeaderLines {
  let text = '';
  let [hasHost, hasConnection, closes] = [false, false, false];
  let contentLength: string | undefined;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]!;
    const value = headers[i + 1]!;
    if (!TOKEN.test(name)) throw new InvalidRequest('INVALID_HEADER', `'${name}' is no header name`);
    if (!FIELD_VALUE.test(value))
      throw new InvalidRequest(
        'INVALID_HEADER',
        `the value of header ${name} holds a character that cannot be sent`,
      );
    switch (name.toLowerCase()) {
      case 'host':
        hasHost = true;
        break;
      case 'connection':
        hasConnection = true;
        closes ||= /(?:^|,)\s*close\s*(?:,|$)/i.test(value);
        break;
      case 'content-length':
        contentLength = value;
        continue;
      case 'transfer-encoding':
        throw new InvalidRequest('INVALID_HEADER', 'transfer-encoding is set by the engine, from the body');
    }
    text += `${name}: ${value}\r\n`;
  }
  return { text, hasHost, hasConnection, closes, contentLength };
}

/** RFC 9112 section 6. */
function framing(request: EngineRequest, announced: string | undefined): string {
  const { body, method } = request;
  const length = body === undefined ? undefined : body instanceof Uint8Array ? body.length : body.lengthBytes;
  if (announced !== undefined && announced !== String(length ?? 0))
    throw new InvalidRequest(
      'CONTENT_LENGTH_MISMATCH',
      `content-length ${announced} is not the length of the body`,
    );
  if (length !== undefined) return `content-length: ${length}\r\n`;
  if (body !== undefined) return 'transfer-encoding: chunked\r\n';
  return announced !== undefined || METHODS_WITH_BODY.has(method) ? 'content-length: 0\r\n' : '';
}

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
