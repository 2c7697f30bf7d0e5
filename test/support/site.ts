import type { IncomingHttpHeaders } from 'node:http';
import { bodyOf, serveHttp } from '../contract/support/servers.js';

/** A request to a site. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** The non-empty parts of the path. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer of the site: JSON, HTML or a redirect. */
export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly html?: string;
  readonly location?: string;
  readonly cookies?: readonly string[];
}

/** A site that counts its requests. */
export interface Site {
  readonly url: string;
  /** Number of requests, without those that followed a redirect. */
  readonly count: number;
  /** Errors that a correct client never receives, such as `401 GET /me`. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

export async function startSite(
  answer: (asked: Asked) => Answer,
  allowed: readonly string[] = [],
): Promise<Site> {
  const refused: string[] = [];
  let redirects = 0;
  const server = await serveHttp((request, response) => {
    void bodyOf(request).then((bytes) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
      const method = request.method ?? 'GET';
      const parts = pathname.split('/').filter((part) => part !== '');
      const asked = {
        method,
        path: pathname,
        parts,
        query: searchParams,
        headers: request.headers,
        body: bytes.toString(),
      };
      const { status = 200, json, html, location, cookies = [] } = answer(asked);
      const line = `${status} ${method} ${pathname}`;
      if (status >= 400 && !allowed.includes(line)) refused.push(line);
      if (location !== undefined) redirects += 1;
      const type = html === undefined ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
      response.writeHead(status, {
        'content-type': type,
        'set-cookie': [...cookies],
        ...(location !== undefined && { location }),
      });
      response.end(status === 204 ? undefined : (html ?? JSON.stringify(json ?? {})));
    });
  });
  return {
    url: server.origin,
    get count() {
      return server.requests - redirects;
    },
    refused,
    close: () => server.close(),
  };
}
