import type { Sample, SeriesKey } from '@drumline/model';
import { InFlight } from '../calls/in-flight.js';
import type { StartDelay } from '../calls/start-delay.js';
import type { EngineSession, Oddity } from '../engine/contract.js';
import type { DigestAuthenticator } from './auth/authenticator.js';
import { Cookies } from './cookies.js';
import type { OutgoingRequests } from './outgoing.js';

/** What the calls of one user type share in a lane: callbacks and cookie settings. */
export interface CallParts {
  readonly onSample: (sample: Sample) => void;
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /** A request was resent. The bytes of the first attempt are in no sample. */
  readonly onResend: (series: SeriesKey, bytesSent: number) => void;
  /** A response violated the standard and was accepted. May be called repeatedly. */
  readonly onOddity: (series: SeriesKey, oddity: Oddity) => void;
  /** Bytes received after their call was recorded. */
  readonly onTransfer: (series: SeriesKey, bytesSent: number, bytesReceived: number) => void;
  /** The monotonic clock of the lane, milliseconds. */
  readonly now: () => number;
  /** URL of the target, if there is one. */
  readonly target: string | undefined;
  /** Whether cookies are stored and sent. */
  readonly cookies: boolean;
  /** Adds tokens, traces and signatures. Undefined if no setting asks for them. */
  readonly outgoing?: OutgoingRequests | undefined;
}

/**
 * The calls in flight of one client, with its cookies and credentials. This is a single object
 * because thousands of users alternate, and each further object costs a cache miss.
 */
export class ClientCalls extends InFlight {
  /** Answers authentication challenges; undefined without digest credentials. */
  digest: DigestAuthenticator | undefined;
  #cookies: Cookies | undefined;

  constructor(
    readonly parts: CallParts,
    readonly session: EngineSession,
    /** The user, if its iterations have due times. */
    readonly delay?: StartDelay,
  ) {
    super();
  }

  get cookies(): Cookies {
    return (this.#cookies ??= new Cookies(this.parts.target));
  }

  /** The cookies; undefined if there are none to send. */
  get cookiesToSend(): Cookies | undefined {
    return this.parts.cookies && this.#cookies?.isEmpty === false ? this.#cookies : undefined;
  }
}
