import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiProblem } from '@drumline/wire';
import { bearerCheck } from './bearer.js';
import { hostOfHeader, isLoopback } from './hosts.js';
import type { Refuse } from './refuse.js';

/** Whom the control API lets in. */
export interface Admission {
  /** What the API is bound to. */
  readonly host: string;
  /** Needed for everything unless the API is bound to loopback; null asks nobody for one. */
  readonly token: string | null;
}

interface Refusal extends ApiProblem {
  readonly status: 401 | 403;
  /** For the log, without a word of the request's. */
  readonly what: string;
}

const ADDRESS_HINT = 'Use the address that the master printed, from a program or a page of the same address.';

/**
 * Refuses whoever has no token, and what a stranger's web page makes a browser send: requests from another site, and requests under
 * a name that the stranger chose (DNS rebinding). Programs send neither `Origin` nor `Sec-Fetch-Site`.
 */
export function refuseStrangers(app: FastifyInstance, admission: Admission, refuse: Refuse): void {
  const refusalOf = strangerCheck(admission);
  app.addHook('onRequest', async (request, reply) => {
    const refusal = refusalOf(request);
    if (!refusal) return undefined;
    const { status, what, ...problem } = refusal;
    refuse('request', `${what}, from ${request.ip}`);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    return await reply.code(status).send(problem);
  });
}

function strangerCheck({ host, token }: Admission): (request: FastifyRequest) => Refusal | undefined {
  const onLoopback = isLoopback(host);
  const showsToken = token === null ? () => false : bearerCheck(token);
  return ({ headers }) => {
    if (isForeignPage(headers.origin, headers['sec-fetch-site'], headers.host)) {
      const what = 'it came from a page of another site';
      return {
        status: 403,
        what,
        error: 'requests from pages of other sites are refused',
        hint: ADDRESS_HINT,
      };
    }
    // No stranger's page knows the token, so whoever shows it may call this API by any name.
    if (showsToken(headers.authorization)) return undefined;
    if (token !== null && !onLoopback) return withoutToken(headers.authorization !== undefined);
    const name = hostOfHeader(headers.host ?? '');
    if (onLoopback ? isLoopback(name) : isOwnName(name, host)) return undefined;
    const what = 'it was sent to a name that is not this API’s';
    return {
      status: 403,
      what,
      error: 'this API is not called by the name that the request was sent to',
      hint: ADDRESS_HINT,
    };
  };
}

function withoutToken(wrong: boolean): Refusal {
  return {
    status: 401,
    what: wrong ? 'its token is wrong' : 'it had no token',
    error: wrong ? 'the token is not this control API’s' : 'this control API needs a token',
    hint: 'Send `Authorization: Bearer …` with what `drumline token` wrote to drumline.api-token; commands take --api-token-file.',
  };
}

function isForeignPage(
  origin: string | undefined,
  site: string | string[] | undefined,
  host: string | undefined,
): boolean {
  if (origin !== undefined && hostOfOrigin(origin) !== host) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function hostOfOrigin(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Names that nobody else can point at this address: its numbers, what it is bound to, and names within a local network, which have no dot. */
function isOwnName(name: string, bound: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === bound || /^[\w-]+$/.test(name);
}
