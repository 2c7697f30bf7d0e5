import type { Dispatcher } from 'undici';
import type { EngineResponse, ExchangeCounts, ExchangeTiming, ResponseHead } from '../engine/contract.js';

/** Header fields in undici's format, with lower-case names. */
export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;

type RawFields = Dispatcher.DispatchController['rawHeaders'];

/** The head of a response. Raw headers are decoded on first access. */
export class UndiciHead implements ResponseHead {
  readonly version = 'http/1.1';

  constructor(
    readonly status: number,
    readonly statusText: string,
    private readonly fields: HeaderFields,
    private readonly raw: RawFields,
  ) {}

  get rawHeaders(): readonly string[] {
    return decode(this.raw);
  }

  header(name: string): string | undefined {
    const value = Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
    return Array.isArray(value) ? value.join(', ') : value;
  }
}

interface Reception extends ExchangeCounts {
  readonly body: Uint8Array;
  readonly bodyBytes: number;
  readonly rawTrailers: RawFields;
}

export class UndiciResponse implements EngineResponse {
  readonly kind = 'response';
  readonly version = 'http/1.1';
  readonly body: Uint8Array;
  readonly bodyBytes: number;
  readonly timing: ExchangeTiming;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly #head: ResponseHead;
  readonly #rawTrailers: RawFields;

  constructor(head: ResponseHead, reception: Reception) {
    this.#head = head;
    this.#rawTrailers = reception.rawTrailers;
    this.body = reception.body;
    this.bodyBytes = reception.bodyBytes;
    this.timing = reception.timing;
    this.bytesSent = reception.bytesSent;
    this.bytesReceived = reception.bytesReceived;
  }

  get status(): number {
    return this.#head.status;
  }

  get statusText(): string {
    return this.#head.statusText;
  }

  get rawHeaders(): readonly string[] {
    return this.#head.rawHeaders;
  }

  get rawTrailers(): readonly string[] {
    return decode(this.#rawTrailers);
  }

  header(name: string): string | undefined {
    return this.#head.header(name);
  }

  text(): string {
    return new TextDecoder().decode(this.body);
  }
}

function decode(fields: RawFields): readonly string[] {
  if (!Array.isArray(fields)) return [];
  return fields.map((field) => (typeof field === 'string' ? field : field.toString('latin1')));
}
