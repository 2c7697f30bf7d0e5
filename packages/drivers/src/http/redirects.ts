import { hasHeader, withoutHeaders } from '../calls/headers.js';
import type { EngineRequest, ResponseHead } from '../engine/contract.js';
import { loginOf } from '../url/target.js';

const DEFAULT_LIMIT = 5;

/**
 * The request that a redirect asks for. Undefined if the response is not a redirect, or points to a
 * scheme other than HTTP, such as an app link.
 * @throws InvalidLocationError if `Location` is not a valid URL
 */
export function followUp(response: ResponseHead, request: EngineRequest): EngineRequest | undefined {
  const url = redirectTarget(response, request);
  if (url === undefined) return undefined;
  const toGet = becomesGet(response.status, request.method);
  const crossOrigin = url.origin !== request.origin;
  const headers = withoutHeaders(
    request.headers,
    (name) => (toGet && name.startsWith('content-')) || (crossOrigin && PRIVATE.has(name)),
  );
  const authorization = authorizationIn(url, response);
  if (authorization !== undefined && !hasHeader(headers, 'authorization')) {
    headers.push('authorization', authorization);
  }
  return {
    method: toGet ? 'GET' : request.method,
    origin: url.origin,
    path: url.pathname + url.search,
    headers,
    ...(!toGet && request.body !== undefined && { body: request.body }),
    ...(request.keepAlive !== undefined && { keepAlive: request.keepAlive }),
    ...(request.receive !== undefined && { receive: request.receive }),
    ...(request.maxBodyBytes !== undefined && { maxBodyBytes: request.maxBodyBytes }),
    ...(request.timeouts !== undefined && { timeouts: request.timeouts }),
  };
}

/** A redirect whose `Location` is not a valid URL. */
export class InvalidLocationError extends Error {
  constructor(readonly location: string) {
    super('the Location of the redirect is not a valid URL');
    this.name = 'InvalidLocationError';
  }
}

/**
 * The `authorization` header for credentials in a `Location`.
 * @throws InvalidLocationError if they cannot be sent
 */
function authorizationIn(url: URL, response: ResponseHead): string | undefined {
  try {
    return loginOf(url).authorization;
  } catch {
    throw new InvalidLocationError(response.header('location')!);
  }
}

export function redirectLimit(limit: number | undefined): number {
  return limit ?? DEFAULT_LIMIT;
}

/** Headers that are not sent to another origin. */
const PRIVATE = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

const STATUSES = [301, 302, 303, 307, 308];

function redirectTarget(response: ResponseHead, request: EngineRequest): URL | undefined {
  if (!STATUSES.includes(response.status)) return undefined;
  // Headers are decoded as Latin-1, so percent-encoding keeps the original bytes.
  const location = response
    .header('location')
    ?.replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
  if (location === undefined || location.trim() === '') return undefined;
  const base = urlOf(request);
  if (!URL.canParse(location, base)) throw new InvalidLocationError(location);
  const url = new URL(location, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** The URL of a request. */
export function urlOf(request: EngineRequest): string {
  return request.origin + request.path;
}

/** As in browsers: 303 always, 301 and 302 after a POST. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}
