import { readFileSync, readdirSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Its own files only: no script in the page, no other host, no frame, no form. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};
const ASSETS = '/assets/';

/** The files of the dashboard. They hold nothing of a run, so anybody may load them. */
export interface DashboardFiles {
  /** Adds the routes of the assets. */
  addTo(app: FastifyInstance): void;
  /** Whether a request is for the page or one of its files. */
  has(request: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): boolean;
  sendPage(reply: FastifyReply): FastifyReply;
}

/**
 * Reads the files of the dashboard.
 * @param directory with `index.html`, and `assets/` whose file names have hashes
 * @throws Error if it cannot be read
 */
export function readDashboard(directory: string): DashboardFiles {
  const page = readFileSync(join(directory, 'index.html'));
  const assets = new Map(
    readdirSync(join(directory, 'assets')).map((name) => [
      name,
      readFileSync(join(directory, 'assets', name)),
    ]),
  );
  return {
    addTo: (app) => {
      app.get<{ Params: { name: string } }>(
        `${ASSETS}:name`,
        { schema: { hide: true } as object },
        ({ params }, reply) => {
          const content = assets.get(params.name);
          if (!content) return reply.callNotFound();
          return reply
            .header('cache-control', 'public, max-age=31536000, immutable')
            .type(TYPES[params.name.split('.').at(-1)!] ?? 'application/octet-stream')
            .send(content);
        },
      );
    },
    has: ({ method, url, headers }) =>
      (method === 'GET' || method === 'HEAD') &&
      (url.startsWith(ASSETS) ? assets.has(url.slice(ASSETS.length)) : isPage(url, headers)),
    sendPage: (reply) =>
      reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(page),
  };
}

/** Browsers ask for HTML. Programs get the list of paths. */
function isPage(url: string, { accept = '' }: IncomingHttpHeaders): boolean {
  return /^\/(?:\?|$)/.test(url) && accept.includes('text/html');
}
