// The shop's prices as server-sent events, with a count of the events sent.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface PriceStream {
  /** Events sent so far. */
  readonly sent: number;
  /** Streams that are open now. */
  readonly open: number;
  serve(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Serves `?ms=N&events=N`: an event `price` every N ms (default 100), then, after that many, an
 * event `done`, and the stream ends. A client that reconnects with the id of an event gets the
 * events after it.
 */
export function priceStream(prices: readonly number[]): PriceStream {
  let [sent, open] = [0, 0];
  return {
    get sent() {
      return sent;
    },
    get open() {
      return open;
    },
    serve(request, response) {
      const { searchParams } = new URL(request.url ?? '/', 'http://target');
      const everyMs = Number(searchParams.get('ms') ?? 100);
      let left = Number(searchParams.get('events') ?? Infinity);
      let id = Number(request.headers['last-event-id'] ?? 0);
      const send = (type: string, data: object): void => {
        sent += 1;
        response.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      const tick = (): void => {
        if (left > 0) {
          left -= 1;
          id += 1;
          send('price', { sku: id % prices.length, cents: prices[id % prices.length] });
        } else {
          send('done', { id });
          response.end();
        }
      };
      open += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 100\n\n');
      const timer = setInterval(tick, everyMs);
      response.on('close', () => {
        clearInterval(timer);
        open -= 1;
      });
    },
  };
}
