import type { Sample, SeriesKey } from '@drumline/model';
import type { EngineSession, Oddity } from '../engine/contract.js';
import type { DigestAuthenticator } from './auth/authenticator.js';
import { Cookies } from './cookies.js';
import { InFlight } from './in-flight.js';

/** What calls of all of a lane's users of one type share: where they report, and what they do with cookies. */
export interface CallParts {
  readonly onSample: (sample: Sample) => void;
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /** A request was sent again; the bytes of the first time are in no sample. */
  readonly onResend: (series: SeriesKey, bytesSent: number) => void;
  /**
   * A response had what the standard forbids, and was read all the same. May be told again and
   * again.
   */
  readonly onOddity: (series: SeriesKey, oddity: Oddity) => void;
  /** Bytes of a call that was recorded before they came in. */
  readonly onTransfer: (series: SeriesKey, bytesSent: number, bytesReceived: number) => void;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
  /** The target's URL, if there is one. */
  readonly target: string | undefined;
  /** Whether cookies are kept and sent. */
  readonly cookies: boolean;
}

/**
 * The calls of one client: what goes with them, and which are under way. One object, as each that a request passes through has left the
 * processor's caches when thousands of users take turns.
 */
export class ClientCalls extends InFlight {
  /** Answers challenges for credentials; undefined where there is nothing to answer with. */
  digest: DigestAuthenticator | undefined;
  #cookies: Cookies | undefined;

  constructor(
    readonly parts: CallParts,
    readonly session: EngineSession,
  ) {
    super();
  }

  get cookies(): Cookies {
    return (this.#cookies ??= new Cookies(this.parts.target));
  }

  /** What may have to be sent; undefined as long as there is certainly nothing. */
  get cookiesToSend(): Cookies | undefined {
    return this.parts.cookies && this.#cookies?.isEmpty === false ? this.#cookies : undefined;
  }
}
