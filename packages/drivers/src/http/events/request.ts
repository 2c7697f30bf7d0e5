import type { EventOptions, RequestOptions } from '../options.js';

/**
 * The request that opens a stream of events.
 * @param headMs how long its head may take to come, unless the options say; 0 for no limit
 */
export function eventRequest(options: EventOptions, lastEventId: string, headMs: number): RequestOptions {
  return {
    ...options,
    headers: {
      accept: 'text/event-stream',
      'cache-control': 'no-store',
      // An event must not wait in a compressor.
      'accept-encoding': 'identity',
      ...(lastEventId !== '' && { 'last-event-id': Buffer.from(lastEventId).toString('latin1') }),
      ...options.headers,
    },
    responseBody: 'stream',
    timeout: options.timeout ?? 0,
    firstByteTimeout: options.firstByteTimeout ?? headMs,
  };
}
