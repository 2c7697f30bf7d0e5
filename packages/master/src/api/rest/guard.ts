import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  API_ROLES,
  includesRole,
  ROLE_RIGHTS,
  type ApiErrorName,
  type ApiRole,
  type RoleTokens,
} from '@drumline/model';
import type { ApiProblem } from '@drumline/wire';
import { bearerCheck } from './bearer.js';
import { hostOfHeader, isLoopback } from './hosts.js';
import type { Refuse } from './refuse.js';

/** What the control API requires of a request. */
export interface Admission {
  /** The address that the API is bound to. */
  readonly host: string;
  /** Required for every request unless the API is bound to loopback; null requires none. */
  readonly tokens: RoleTokens | null;
  /** Whether the token is required on loopback, too. */
  readonly tokenOnLoopback?: boolean;
  /** Web pages of other origins that may call the API. They need the token on loopback, too. */
  readonly allowedOrigins?: ReadonlySet<string>;
}

/** Why a request is refused. */
export interface Refusal extends ApiProblem {
  readonly code: ApiErrorName;
  readonly status: 401 | 403;
  /** For the log; never quotes the request. */
  readonly what: string;
}

const ADDRESS_HINT = 'Use the address that the master printed.';

/**
 * Rejects requests without a token of the needed role, and requests that a foreign web page makes a
 * browser send: cross-origin requests, and requests to a host name of the attacker’s choice (DNS
 * rebinding). Programs send neither `Origin` nor `Sec-Fetch-Site`.
 * @param isPublic whether anybody may send a request, also a link on a page of another origin
 */
export function requireAdmission(
  app: FastifyInstance,
  admission: Admission,
  refuse: Refuse,
  isPublic: (request: FastifyRequest) => boolean = () => false,
): void {
  const admit = admissionCheck(admission);
  app.addHook('onRequest', async (request, reply) => {
    if (isPublic(request)) return undefined;
    const admitted = admit(request);
    if (typeof admitted === 'string') roles.set(request, admitted);
    const refusal =
      typeof admitted !== 'string'
        ? admitted
        : request.is404
          ? undefined
          : roleRefusal(admitted, request.method, request.routeOptions.url);
    if (!refusal) return undefined;
    const { status, what, ...problem } = refusal;
    refuse('request', `${what}, from ${request.ip}`);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    return await reply.code(status).send(problem);
  });
}

const roles = new WeakMap<FastifyRequest, ApiRole>();

/** The role with which a request was admitted. */
export function roleOfRequest(request: FastifyRequest): ApiRole {
  return roles.get(request) ?? 'view';
}

/** It has what views leave out: the bundle, the result of `setup`, the login of the target. */
const RUN_FILE = '/v1/runs/:id/run-file';

/**
 * The role that a request needs. Reading needs `view`. To fetch run files, delete runs or change
 * the cluster needs `admin`, everything else `run`.
 */
function neededRole(method: string, path: string): ApiRole {
  if (path === RUN_FILE) return 'admin';
  if (method === 'GET' || method === 'HEAD') return 'view';
  return method === 'DELETE' || path.startsWith('/v1/workers/') ? 'admin' : 'run';
}

/** Whether a role may make a request. @param path the pattern of its path */
export function roleRefusal(role: ApiRole, method: string, path = ''): Refusal | undefined {
  const needed = neededRole(method, path);
  if (includesRole(role, needed)) return undefined;
  const files = API_ROLES.filter((one) => includesRole(one, needed)).map((one) => TOKEN_FILES[one]);
  return {
    status: 403,
    what: `its token for ${ROLE_RIGHTS[role]} has no right to it`,
    error: `this needs a token for ${ROLE_RIGHTS[needed]}, and the token is for ${ROLE_RIGHTS[role]}`,
    code: 'role-missing',
    hint: `Use the token in ${files.join(' or ')}.`,
  };
}

const TOKEN_FILES: Readonly<Record<ApiRole, string>> = {
  view: 'drumline.api-view-token',
  run: 'drumline.api-run-token',
  admin: 'drumline.api-token',
};

/** The role of a request, or why it is refused. The same for calls of gRPC. */
export function admissionCheck({
  host,
  tokens,
  tokenOnLoopback = false,
  allowedOrigins = new Set(),
}: Admission): (request: Pick<FastifyRequest, 'headers'>) => ApiRole | Refusal {
  const onLoopback = isLoopback(host);
  const roleOf = tokens === null ? () => undefined : bearerCheck(tokens);
  return ({ headers }) => {
    const isForeign = isForeignPage(headers.origin, headers['sec-fetch-site'], headers.host);
    if (isForeign && !allowedOrigins.has(headers.origin ?? '')) {
      const what = 'it came from a web page of another origin';
      return {
        status: 403,
        what,
        error: 'cross-origin requests are refused',
        code: 'origin-refused',
        hint: 'Use the address that the master printed, or start it with --api-allow-origin and the origin.',
      };
    }
    // A foreign page does not know the token, so any host name is safe with it.
    const role = roleOf(headers.authorization);
    if (role !== undefined) return role;
    if (tokens !== null && (!onLoopback || tokenOnLoopback || isForeign))
      return withoutToken(headers.authorization !== undefined);
    const name = hostOfHeader(headers.host ?? '');
    if (onLoopback ? isLoopback(name) : isOwnName(name, host)) return 'admin';
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
