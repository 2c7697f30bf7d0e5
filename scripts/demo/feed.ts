// The shop's price feed: a WebSocket server that counts connections and messages.
import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

export interface Feed {
  /** Connections after their handshake. */
  readonly connections: number;
  /** Messages, without control frames. */
  readonly received: number;
  readonly sent: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Drops every connection without a close frame. */
  terminate(): void;
}

interface Order {
  readonly op?: string;
  readonly id?: number;
  readonly everyMs?: number;
}

/**
 * Serves `/feed`. `{"op":"price","id":3}` is answered with the price of that product.
 * `{"op":"watch","everyMs":100}` is answered with `{"op":"watching"}`, then a price at that
 * interval. Any other message is echoed.
 */
export function serveFeed(server: Server, prices: readonly number[]): Feed {
  const sockets = new WebSocketServer({ server, path: '/feed' });
  let [connections, received, sent] = [0, 0, 0];
  const send = (socket: WebSocket, message: object | string): void => {
    if (socket.readyState !== socket.OPEN) return;
    sent += 1;
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
  const price = (id: number): object => ({ op: 'price', id, cents: prices[id % prices.length] });
  sockets.on('connection', (socket) => {
    connections += 1;
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    socket.on('error', () => {});
    socket.on('close', () => clearInterval(timer));
    socket.on('message', (data) => {
      received += 1;
      const text = (data as Buffer).toString();
      const { op, id = 0, everyMs = 100 } = parse(text);
      if (op === 'price') return send(socket, price(id));
      if (op !== 'watch') return send(socket, text);
      send(socket, { op: 'watching' });
      clearInterval(timer);
      timer = setInterval(() => send(socket, price(next++)), everyMs);
    });
  });
  return {
    get connections() {
      return connections;
    },
    get received() {
      return received;
    },
    get sent() {
      return sent;
    },
    get open() {
      return sockets.clients.size;
    },
    terminate() {
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function parse(text: string): Order {
  try {
    return (JSON.parse(text) as Order | null) ?? {};
  } catch {
    return {};
  }
}
