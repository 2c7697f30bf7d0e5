import type { EngineRequest } from '../engine/contract.js';
import { announcedBytes, checkHeader, checkTarget } from './request-rules.js';

const REMEMBERED_HEADS = 512;

/** The user's headers in wire format. */
interface HeaderLines {
  readonly text: string;
  readonly hasHost: boolean;
  readonly hasConnection: boolean;
  /** Whether `connection: close` was requested. */
  readonly closes: boolean;
  readonly contentLength: string | undefined;
}

/** The part of a request before its body. */
export class WrittenHead {
  #wasSent = false;
  /** Set once it has been sent twice. */
  #bytes: Uint8Array | undefined;

  /** @param closes whether it asks the server to close the connection */
  constructor(
    readonly text: string,
    readonly closes: boolean,
  ) {}

  /** Wire format: text the first time, then bytes, which sockets accept more cheaply. */
  get onWire(): string | Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes;
    if (this.#wasSent) return (this.#bytes = Buffer.from(this.text, 'latin1'));
    this.#wasSent = true;
    return this.text;
  }
}

/**
 * Writes the heads of HTTP/1.1 requests (RFC 9112, section 3) and caches headers that do not
 * change.
 */
export class HeadWriter {
  readonly #lines = new WeakMap<readonly string[], HeaderLines>();
  /** Complete heads of requests without a body, by their inputs. */
  readonly #heads = new Map<string, WrittenHead>();
  #headers: readonly string[] | undefined;
  #authority = '';
  /** The last path written, which is often the next one too. */
  #path = '';
  #last: WrittenHead | undefined;

  /** @throws InvalidRequest if a part of it cannot be sent */
  write(request: EngineRequest, authority: string, keepAlive: boolean): WrittenHead {
    const { method, path, headers, body } = request;
    if (body !== undefined || !keepAlive || method !== 'GET')
      return this.#compose(request, authority, keepAlive);
    if (headers !== this.#headers || authority !== this.#authority) {
      if (!Object.isFrozen(headers)) return this.#compose(request, authority, keepAlive);
      this.#headers = headers;
      this.#authority = authority;
      this.#heads.clear();
      this.#last = undefined;
    }
    if (this.#last !== undefined && path === this.#path) return this.#last;
    const head = this.#heads.get(path) ?? this.#remember(request, authority);
    this.#path = path;
    return (this.#last = head);
  }

  #remember(request: EngineRequest, authority: string): WrittenHead {
    const head = this.#compose(request, authority, true);
    if (this.#heads.size >= REMEMBERED_HEADS) this.#heads.clear();
    this.#heads.set(request.path, head);
    return head;
  }

  #compose(request: EngineRequest, authority: string, keepAlive: boolean): WrittenHead {
    const { method, path, headers } = request;
    checkTarget(method, path);
    const lines = this.#linesOf(headers);
    const closes = !keepAlive || lines.closes;
    return new WrittenHead(
      `${method} ${path} HTTP/1.1\r\n` +
        (lines.hasHost ? '' : `host: ${authority}\r\n`) +
        (closes ? (lines.closes ? '' : 'connection: close\r\n') : lines.hasConnection ? '' : KEEP_ALIVE) +
        lines.text +
        framing(request, lines.contentLength) +
        '\r\n',
      closes,
    );
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
    checkHeader(name, value);
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
    }
    text += `${name}: ${value}\r\n`;
  }
  return { text, hasHost, hasConnection, closes, contentLength };
}

/** RFC 9112 section 6. */
function framing(request: EngineRequest, asked: string | undefined): string {
  const bytes = announcedBytes(request, asked);
  if (bytes !== undefined) return `content-length: ${bytes}\r\n`;
  return request.body === undefined ? '' : 'transfer-encoding: chunked\r\n';
}
