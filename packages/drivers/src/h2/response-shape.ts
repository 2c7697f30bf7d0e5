import type { ReceivedHeaders } from './received-headers.js';

/**
 * Checks the order and length of the parts of a response: RFC 9113, section 8.1. Its methods return
 * the fault, if any.
 */
export class ResponseShape {
  /** Whether the headers of the final response have arrived. */
  headArrived = false;
  #expectedBytes = -1;
  #bodyBytes = 0;

  /** @param head whether the request method is HEAD */
  constructor(private readonly head: boolean) {}

  headers(headers: ReceivedHeaders, endStream: boolean): string | undefined {
    if (headers.fault !== undefined) return headers.fault;
    const { status } = headers;
    if (this.headArrived) {
      if (status !== 0) return 'a pseudo-header in the trailers';
      return endStream ? this.#end() : 'trailers that do not end the stream';
    }
    if (status === 0) return 'headers without a status';
    if (status === 101) return 'a switch to another protocol';
    if (status < 200) return endStream ? 'an end after interim headers' : undefined;
    this.headArrived = true;
    this.#expectedBytes = this.head || status === 204 || status === 304 ? 0 : headers.contentLength;
    return endStream ? this.#end() : undefined;
  }

  data(bytes: number, endStream: boolean): string | undefined {
    if (!this.headArrived) return 'a body before the headers';
    this.#bodyBytes += bytes;
    if (this.#expectedBytes !== -1 && this.#bodyBytes > this.#expectedBytes) {
      return 'a body longer than announced';
    }
    return endStream ? this.#end() : undefined;
  }

  #end(): string | undefined {
    return this.#bodyBytes < this.#expectedBytes ? 'a body shorter than announced' : undefined;
  }
}
