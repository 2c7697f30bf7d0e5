import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiProblem } from '@drumline/wire';
import { bearerCheck } from './bearer.js';
import { hostOfHeader, isLoopback } from './hosts.js';
import type { Refuse } from './refuse.js';

/** What the control API requires of a request. */
export interface Admission {
  /** The address that the API is bound to. */
  readonly host: string;
  /** Required for every request unless the API is bound to loopback; null requires none. */
  readonly token: string | null;
  /** Whether the token is required on loopback, too. */
  readonly tokenOnLoopback?: boolean;
}

interface Refusal extends ApiProblem {
  readonly status: 401 | 403;
  /** For the log; never quotes the request. */
  readonly what: string;
}

const ADDRESS_HINT = 'Use the address that the master printed. A web page must have the same origin.';

/**
 * Rejects requests without the token, and requests that a foreign web page makes a browser send:
 * cross-origin requests, and requests to a host name of the attacker’s choice (DNS rebinding).
 * Programs send neither `Origin` nor `Sec-Fetch-Site`.
 */
export function requireAdmission(app: FastifyInstance, admission: Admission, refuse: Refuse): void {
  const refusalOf = admissionCheck(admission);
  app.addHook('onRequest', async (request, reply) => {
    const refusal = refusalOf(request);
    if (!refusal) return undefined;
    const { status, what, ...problem } = refusal;
    refuse('request', `${what}, from ${request.ip}`);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    return await reply.code(status).send(problem);
  });
}

function admissionCheck({
  host,
  token,
  tokenOnLoopback = false,
}: Admission): (request: FastifyRequest) => Refusal | undefined {
  const onLoopback = isLoopback(host);
  const showsToken = token === null ? () => false : bearerCheck(token);
  return ({ headers }) => {
    if (isForeignPage(headers.origin, headers['sec-fetch-site'], headers.host)) {
      const what = 'it came from a web page of another origin';
      return {
        status: 403,
        what,
        error: 'cross-origin requests are refused',
        code: 'origin-refused',
        hint: ADDRESS_HINT,
      };
    }
    // A foreign page does not know the token, so any host name is safe with it.
    if (showsToken(headers.authorization)) return undefined;
    if (token !== null && (!onLoopback || tokenOnLoopback))
      return withoutToken(headers.authorization !== undefined);
    const name = hostOfHeader(headers.host ?? '');
    if (onLoopback ? isLoopback(name) : isOwnName(name, host)) return undefined;
    const what = 'its Host header does not name this API';
    return {
      status: 403,
      what,
      error: 'the Host header of the request does not name this API',
      code: 'host-refused',
      hint: ADDRESS_HINT,
    };
  };
}

function withoutToken(wrong: boolean): Refusal {
  return {
    status: 401,
    what: wrong ? 'its token is wrong' : 'it had no token',
    error: wrong ? 'the token is wrong' : 'the control API needs a token',
    code: wrong ? 'token-wrong' : 'token-missing',
    hint: 'Send `Authorization: Bearer …` with the token in drumline.api-token. Commands take --api-token-file.',
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

/**
 * Whether a host name is safe from DNS rebinding: an IP address, the bound host, or a local name
 * without a dot.
 */
function isOwnName(name: string, bound: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === bound || /^[\w-]+$/.test(name);
}
