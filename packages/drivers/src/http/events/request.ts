import type { EventOptions, RequestOptions } from '../options.js';

/**
 * The request that opens an event stream.
 * @param headMs default limit for the headers; 0 means no limit
 */
export function eventRequest(options: EventOptions, lastEventId: string, headMs: number): RequestOptions {
  return {
    ...options,
    headers: {
      accept: 'text/event-stream',
      'cache-control': 'no-store',
      // Compression on the server could delay events.
      'accept-encoding': 'identity',
      ...(lastEventId !== '' && { 'last-event-id': Buffer.from(lastEventId).toString('latin1') }),
      ...options.headers,
    },
    responseBody: 'stream',
    timeout: options.timeout ?? 0,
    firstByteTimeout: options.firstByteTimeout ?? headMs,
  };
}
