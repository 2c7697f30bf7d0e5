import { hasHeader } from '../calls/headers.js';
import { Tracer } from '../calls/tracer.js';
import type { EngineRequest } from '../engine/contract.js';
import type { HttpSettings } from '../settings/http-settings.js';
import { AwsSigner } from './auth/aws-signature.js';
import { TokenSource, type PostToken } from './auth/oauth2.js';
import type { CallTally } from './call-tally.js';

/** Completes requests when they are sent: tokens, traces and signatures, in this order. */
export class OutgoingRequests {
  readonly #tokens: TokenSource | undefined;
  readonly #tracer: Tracer | undefined;
  readonly #signer: AwsSigner | undefined;
  /** Origins that may receive tokens and signatures. */
  readonly #origins: ReadonlySet<string>;

  private constructor(
    settings: HttpSettings,
    target: string | undefined,
    post: PostToken,
    now: () => number,
  ) {
    const { oauth2, awsSignature, tracing } = settings;
    this.#tokens = oauth2 && new TokenSource(oauth2, post, now);
    this.#signer = awsSignature && new AwsSigner(awsSignature);
    this.#tracer = Tracer.of(tracing);
    const given = oauth2?.origins ?? awsSignature?.origins ?? (target === undefined ? [] : [target]);
    this.#origins = new Set(given.map((url) => new URL(url).origin));
  }

  /** @returns undefined if the settings ask for nothing, which then costs nothing */
  static of(
    settings: HttpSettings,
    target: string | undefined,
    post: PostToken,
    now: () => number,
  ): OutgoingRequests | undefined {
    const { oauth2, awsSignature, tracing } = settings;
    if (oauth2 === undefined && awsSignature === undefined && tracing === undefined) return undefined;
    return new OutgoingRequests(settings, target, post, now);
  }

  /** A promise to wait for before the next call, if there is no token. It may reject. */
  ready(): Promise<void> | undefined {
    return this.#tokens?.ready();
  }

  /** @throws TypeError if the request cannot be signed */
  requireSendable(request: EngineRequest): void {
    if (this.#origins.has(request.origin)) this.#signer?.requireSignable(request);
  }

  complete(request: EngineRequest, tally: CallTally): EngineRequest {
    let sent = this.#traced(request, tally);
    if (!this.#origins.has(request.origin) || hasHeader(request.headers, 'authorization')) return sent;
    const token = this.#tokens?.header;
    if (token !== undefined) sent = { ...sent, headers: [...sent.headers, 'authorization', token] };
    return this.#signer?.signed(sent) ?? sent;
  }

  /** The requests of a call share a trace. */
  #traced(request: EngineRequest, tally: CallTally): EngineRequest {
    const tracer = this.#tracer;
    if (tracer === undefined) return request;
    if (tally.last === undefined) tally.trace = tracer.traceOf(request.headers);
    if (tally.trace === undefined) return request;
    return { ...request, headers: tracer.traced(request.headers, tally.trace) };
  }

  /** The `authorization` header for another protocol, such as the handshake of a WebSocket. */
  tokenFor(origin: string): string | undefined {
    return this.#origins.has(origin) ? this.#tokens?.header : undefined;
  }

  /** A request was answered with status 401. */
  unauthorized({ origin }: EngineRequest): void {
    if (this.#origins.has(origin)) this.#tokens?.reject();
  }
}
