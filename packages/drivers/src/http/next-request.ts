import { hasHeader } from '../calls/headers.js';
import type { EngineFailure, EngineRequest, ResponseHead } from '../engine/contract.js';
import type { DigestAuthenticator } from './auth/authenticator.js';
import type { CallTally } from './call-tally.js';
import type { Cookies } from './cookies.js';
import type { PreparedCall } from './prepared-call.js';
import { followUp, InvalidLocationError, urlOf } from './redirects.js';
import { UploadBody } from './upload-body.js';

/**
 * The next request after a redirect or an authentication challenge; undefined if the response is
 * final.
 */
export function nextRequest(
  head: ResponseHead,
  request: EngineRequest,
  prepared: PreparedCall,
  digest: DigestAuthenticator | undefined,
  tally: CallTally,
): EngineRequest | undefined {
  const { status } = head;
  if (digest !== undefined && isFirstOrigin(request, prepared)) {
    if (status !== 401) digest.readInfo(head, request);
    else if (answerChallenge(head, request, digest, tally)) return request;
  }
  const { maxRedirects } = prepared;
  if (status < 300 || status > 399 || maxRedirects === 0) return undefined;
  const next = followed(head, request, tally);
  if (next === undefined) return undefined;
  if ((tally.redirects?.length ?? 0) >= maxRedirects) {
    tally.broken = `too many redirects (${maxRedirects})`;
    return undefined;
  }
  if (isSpent(next)) {
    tally.broken = 'a streamed body cannot be sent again to where the redirect points';
    return undefined;
  }
  (tally.redirects ??= []).push(urlOf(request));
  tally.challenged = false;
  return next;
}

function followed(head: ResponseHead, request: EngineRequest, tally: CallTally): EngineRequest | undefined {
  try {
    return followUp(head, request);
  } catch (error) {
    if (!(error instanceof InvalidLocationError)) throw error;
    tally.broken = error.message;
    tally.example = error.location;
    return undefined;
  }
}

/**
 * Credentials are sent only to the origin of the first request, never after redirects to others.
 */
export function isFirstOrigin(request: EngineRequest, prepared: PreparedCall): boolean {
  return request.origin === prepared.request.origin;
}

/** Answers one challenge per request. A second challenge means that the credentials are wrong. */
function answerChallenge(
  head: ResponseHead,
  request: EngineRequest,
  digest: DigestAuthenticator,
  tally: CallTally,
): boolean {
  if (tally.challenged) {
    digest.forget(request);
    return false;
  }
  if (!digest.accept(head, request)) return false;
  if (isSpent(request)) {
    tally.broken = 'the server asks for credentials, and a streamed body cannot be sent again';
    return false;
  }
  return (tally.challenged = true);
}

/** Whether the body was a stream that cannot be created again. */
function isSpent({ body }: EngineRequest): boolean {
  return body instanceof UploadBody && !body.repeatable;
}

/** Reason for cancelling an exchange after its reader left. */
export const LEFT = 'the reader left';

/**
 * Whether the failure affects only the body, or the body was cancelled. Interruptions and the
 * timeout of the whole call end the call.
 */
export function isOfTheBody({ failure }: EngineFailure): boolean {
  if (failure.class === 'aborted') return failure.message === LEFT;
  return failure.code !== 'TIMEOUT_WHOLE';
}

/** The request with its cookies, unless it has a `cookie` header. */
export function withCookie(request: EngineRequest, cookies: Cookies): EngineRequest {
  const cookie = cookies.header(urlOf(request));
  if (!cookie || hasHeader(request.headers, 'cookie')) return request;
  return { ...request, headers: [...request.headers, 'cookie', cookie] };
}
