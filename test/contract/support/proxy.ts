import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';

/** A proxy on a free port of 127.0.0.1 that records its requests. */
export interface TestProxy {
  readonly port: number;
  /** Request lines and credentials: `CONNECT shop.example:443 Basic …`. */
  readonly asked: readonly string[];
  /** TCP connections accepted so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/**
 * Forwards requests in absolute form and tunnels with CONNECT. Everything goes to 127.0.0.1, so
 * names need not exist.
 * @param refusal respond with this status instead
 */
export async function serveProxy(refusal: () => number | undefined = () => undefined): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const note = ({ method, url, headers }: http.IncomingMessage): void => {
    asked.push([method, url, headers['proxy-authorization']].filter(Boolean).join(' '));
  };
  const server = http.createServer((request, reply) => {
    note(request);
    const status = refusal();
    if (status !== undefined) return void reply.writeHead(status).end();
    const { hostname: _, port, pathname, search } = new URL(request.url!);
    const { method, headers } = request;
    const path = pathname + search;
    const onward = http.request(
      { host: '127.0.0.1', port, method, path, headers, agent: false },
      (answer) => {
        reply.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(reply);
      },
    );
    request.pipe(onward);
  });
  server.on('connect', (request, socket, head) => {
    note(request);
    const status = refusal();
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = net.connect({ host: '127.0.0.1', port: Number(request.url!.split(':').at(-1)) }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    for (const end of [onward, socket]) end.on('error', () => void (onward.destroy(), socket.destroy()));
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    asked,
    get connections() {
      return connections;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
