import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Family } from './family.js';
import { CONTENT_TYPES, formatFor, type Format } from './negotiate.js';
import { exposeProtobuf } from './protobuf.js';
import { exposeText } from './text.js';

const compress = promisify(gzip);

/** Answers scrapes of `/metrics` with the newest metrics. */
export class ScrapeServer {
  readonly #server: Server;
  /** Called after each scrape. */
  onScrape: () => void = () => {};

  /**
   * @param families the metrics at this moment
   * @param isAllowed whether a request may read them, by its `Authorization` header
   */
  constructor(
    private readonly families: () => Promise<readonly Family[]>,
    private readonly isAllowed: (authorization: string | undefined) => boolean,
  ) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @returns the address that scrapers use, such as `127.0.0.1:9464` */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const { address, family, port: bound } = this.#server.address() as AddressInfo;
    return `${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '', headers } = request;
    if (url.split('?')[0] !== '/metrics') return refuse(response, 404, 'metrics are at /metrics');
    if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'only GET and HEAD');
    if (!this.isAllowed(headers.authorization)) {
      response.setHeader('www-authenticate', 'Bearer, Basic realm="metrics"');
      return refuse(response, 401, 'credentials are missing or wrong');
    }
    const format = formatFor(headers.accept);
    const body = exposed(await this.families(), format);
    response.setHeader('content-type', CONTENT_TYPES[format]);
    const isCompressed = /\bgzip\b/.test(String(headers['accept-encoding']));
    if (isCompressed) response.setHeader('content-encoding', 'gzip');
    const bytes = isCompressed ? await compress(body, { level: 1 }) : Buffer.from(body);
    response.setHeader('content-length', bytes.length);
    response.end(method === 'HEAD' ? undefined : bytes, () => this.onScrape());
  }
}

function exposed(families: readonly Family[], format: Format): string | Buffer {
  return format === 'protobuf' ? exposeProtobuf(families) : exposeText(families, format);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}
