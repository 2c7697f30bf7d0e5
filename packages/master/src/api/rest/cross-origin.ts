import type { FastifyInstance, FastifyReply } from 'fastify';

/** The headers of the control API that a page may send. */
const REQUEST_HEADERS = 'authorization, content-type, idempotency-key, last-event-id';
/** How long a browser may keep the answer to a preflight, seconds. */
const PREFLIGHT_MAX_AGE = '600';

/**
 * Lets pages of the given origins read the responses of the API (CORS). The pages need a token as
 * any program does, and it is never sent as a cookie. Must come before the hooks that refuse.
 */
export function allowOrigins(app: FastifyInstance, allowed: ReadonlySet<string>): void {
  if (allowed.size === 0) return;
  app.addHook('onRequest', async ({ method, headers }, reply) => {
    // Event streams are written without the framework, so it must not hold the headers.
    reply.raw.setHeader('vary', 'origin');
    const { origin } = headers;
    if (origin === undefined || !allowed.has(origin)) return undefined;
    reply.raw.setHeader('access-control-allow-origin', origin);
    const wanted = method === 'OPTIONS' ? headers['access-control-request-method'] : undefined;
    return wanted === undefined ? undefined : await answerPreflight(reply);
  });
}

/** A preflight has no token. Its answer says only what a page of this origin may send. */
async function answerPreflight(reply: FastifyReply): Promise<FastifyReply> {
  return await reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': PREFLIGHT_MAX_AGE,
    })
    .send();
}
