import { randomBytes } from 'node:crypto';
import { hasHeader } from '../../calls/headers.js';
import type { EngineRequest, ResponseHead } from '../../engine/contract.js';
import { parseChallenges, parseParams } from './challenges.js';
import { DigestSession, type Login } from './digest.js';

/** Digest authentication of one user, with the latest challenge of each origin. */
export class DigestAuthenticator {
  readonly #sessions = new Map<string, DigestSession>();

  constructor(private readonly login: Login) {}

  /** The request with credentials, once its origin has sent a challenge. */
  signed(request: EngineRequest): EngineRequest {
    const session = this.#sessions.get(request.origin);
    if (session === undefined || hasHeader(request.headers, 'authorization')) return request;
    const authorization = session.authorization(request.method, request.path);
    return { ...request, headers: [...request.headers, 'authorization', authorization] };
  }

  /**
   * Accepts the challenge of a 401 response.
   * @returns whether the request can be resent with an answer
   */
  accept(head: ResponseHead, request: EngineRequest): boolean {
    if (hasHeader(request.headers, 'authorization')) return false;
    for (const challenge of parseChallenges(head.header('www-authenticate') ?? '')) {
      const cnonce = randomBytes(16).toString('base64url');
      const session = DigestSession.answering(challenge, this.login, cnonce);
      if (session === undefined) continue;
      this.#sessions.set(request.origin, session);
      return true;
    }
    return false;
  }

  /** Reads the authentication info of a response that is not a challenge. */
  readInfo(head: ResponseHead, request: EngineRequest): void {
    const info = head.header('authentication-info');
    if (info === undefined) return;
    const nonce = parseParams(info).get('nextnonce');
    if (nonce !== undefined) this.#sessions.get(request.origin)?.renew(nonce);
  }

  /** Forgets the challenge after its answer was rejected. The next request waits for a new one. */
  forget(request: EngineRequest): void {
    this.#sessions.delete(request.origin);
  }
}
