import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** Receives line protocol as InfluxDB does: a point replaces an earlier one of the same instant. */
export class PointStore implements AsyncDisposable {
  private readonly points = new Map<string, string>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const isGzip = request.headers['content-encoding'] === 'gzip';
        const text = (isGzip ? gunzipSync(body) : body).toString();
        for (const point of text.split('\n')) this.take(point);
        response.writeHead(204).end();
      });
    });
  }

  static async start(): Promise<PointStore> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PointStore(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The sum of an integer field over the points of a measurement. */
  sum(measurement: string, field: string): number {
    return [...this.points].reduce((sum, [about, fields]) => {
      if (!about.startsWith(`${measurement},`)) return sum;
      const [, value] = new RegExp(`(?:^|,)${field}=(\\d+)i`).exec(fields) ?? [];
      return sum + Number(value ?? 0);
    }, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(point: string): void {
    const [, about = '', fields = '', instant = ''] = /^((?:\\.|[^ ])+) (.*) (\d+)$/.exec(point) ?? [];
    this.points.set(`${about} ${instant}`, fields);
  }
}
