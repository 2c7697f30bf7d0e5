import type { Dispatcher } from 'undici';
import type { EngineResponse, ExchangeTiming } from '../engine/contract.js';

/** Header fields as undici hands them over: lower-case names. */
export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;

interface Head {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderFields;
}

/** A response whose raw headers are decoded when somebody asks for them. */
export class UndiciResponse implements EngineResponse {
  readonly kind = 'response';
  readonly version = 'http/1.1';
  readonly status: number;
  readonly statusText: string;
  readonly #headers: HeaderFields;
  readonly #raw: Dispatcher.DispatchController['rawHeaders'];
  readonly #trailers: Dispatcher.DispatchController['rawTrailers'];

  constructor(
    head: Head,
    controller: Dispatcher.DispatchController,
    readonly body: Uint8Array,
    readonly timing: ExchangeTiming,
    readonly bytesSent: number,
    readonly bytesReceived: number,
  ) {
    this.status = head.status;
    this.statusText = head.statusText;
    this.#headers = head.headers;
    this.#raw = controller.rawHeaders;
    this.#trailers = controller.rawTrailers;
  }

  get rawHeaders(): readonly string[] {
    return decode(this.#raw);
  }

  get rawTrailers(): readonly string[] {
    return decode(this.#trailers);
  }

  get bodyBytes(): number {
    return this.body.length;
  }

  text(): string {
    return new TextDecoder().decode(this.body);
  }

  header(name: string): string | undefined {
    const value = Object.hasOwn(this.#headers, name) ? this.#headers[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }
}

function decode(fields: Dispatcher.DispatchController['rawHeaders']): readonly string[] {
  if (!Array.isArray(fields)) return [];
  return fields.map((field) => (typeof field === 'string' ? field : field.toString('latin1')));
}
