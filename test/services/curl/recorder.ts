import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A received request. */
export interface Received {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Header names in lower case, in the order received. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** A server that records its requests. `/redirect` redirects, `/digest` requires credentials. */
export class Recorder {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #received: Received[] = [];

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get authority(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests received since the last call. */
  take(): Received[] {
    const taken = this.#received;
    this.#received = [];
    return taken;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { rawHeaders, method = '', url = '' } = request;
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]!] as const] : [],
    );
    this.#received.push({ method, target: url, headers, body: Buffer.concat(chunks) });
    if (url === '/redirect') response.writeHead(302, { location: '/redirected' });
    if (url === '/digest' && request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' });
    }
    response.end(method === 'HEAD' ? undefined : 'ok');
  }
}
