import type { OpenedConnection, Phases } from '@drumline/model';
import type { StatusCode, StatusName } from '../status.js';

/** A message that is encoded once and can be sent often. */
export interface EncodedMessage<Request = object> {
  /** Full name of its type, `bank.BalancesRequest`. */
  readonly type: string;
  /** The encoded message. */
  readonly bytes: Uint8Array;
  /** For the compiler only. */
  readonly message?: Request;
}

/** A message argument. Deeply frozen objects are encoded once. */
export type Sendable<Request> = Request | EncodedMessage<Request>;

/** Received metadata. Names are lower case. */
export interface ReceivedMetadata extends Iterable<readonly [name: string, value: string]> {
  /** The first value; base64 for names that end with `-bin`. */
  get(name: string): string | undefined;
  getAll(name: string): readonly string[];
  /** The first value of a name that ends with `-bin`, as bytes. */
  bytes(name: string): Uint8Array | undefined;
}

/** One of the rich details of an error (`google.rpc.Status`). */
export interface GrpcErrorDetail {
  /** Full name of its type, `google.rpc.ErrorInfo`. */
  readonly type: string;
  /** Decoded; undefined if the type is not known. */
  // oxlint-disable-next-line typescript/no-explicit-any -- of any type
  readonly value: any;
}

/** How a call ended. */
export interface GrpcEnding {
  /**
   * The status of the server, or the status that replaces it if the server sent none: `OK`,
   * `NOT_FOUND`, `DEADLINE_EXCEEDED`, `UNAVAILABLE`, …
   */
  readonly status: StatusName;
  readonly code: StatusCode;
  /** The message from the server, or that of Drumline. */
  readonly details: string;
  readonly metadata: ReceivedMetadata;
  readonly trailers: ReceivedMetadata;
  readonly errorDetails: readonly GrpcErrorDetail[];
  /** From the call to its end. */
  readonly durationMs: number;
  readonly timing: Phases;
  /**
   * The connection opened for this call, with the negotiated TLS; undefined if it used an existing
   * one.
   */
  readonly opened: OpenedConnection | undefined;
}

/** A counted call, which can be marked as failed. */
export interface Failable {
  /** Whether the call counts as failed in the report. */
  readonly failed: boolean;
  /**
   * The reason: `NOT_FOUND`, `UNAVAILABLE: connection refused`, `FAILED_PRECONDITION:
   * ACCOUNT_FROZEN`, …
   */
  readonly failure: string | undefined;
  /** Id of the trace that was sent with the call, if `tracing` chose it. */
  readonly traceId: string | undefined;
  /** Marks the call as failed, even after it was counted. The first reason is kept. */
  fail(reason: string): void;
}

/** The result of a call with one reply. A failed call gives one too. */
export interface GrpcReply<Response = unknown> extends GrpcEnding, Failable {
  /** Whether the call counts as passed: by its `expect`, or by the status `OK` without one. */
  readonly ok: boolean;
  /**
   * Undefined unless the status is `OK`. Decoded on access, and again if another reply was accessed
   * in between: keep it in a variable. A message that cannot be decoded fails the call.
   */
  readonly message: Response | undefined;
}

/**
 * The messages from a server, for one `for await` loop. The loop ends when the call ends, passed or
 * failed; `status` has the result. Leaving the loop cancels the call, which counts up to that
 * point. If the loop reads slowly, the server has to wait.
 *
 * The call is counted when it has ended. Its messages have their own series, which are not
 * requests. The first one (`first message`) is timed from the start of the call, each other one
 * (`message`) from the one before.
 * @throws InterruptedError from the loop when the run has stopped the user
 */
export interface GrpcStream<Response = unknown> extends AsyncIterable<Response>, Failable {
  /** Messages received so far. */
  readonly received: number;
  /** Undefined until the call has ended; `CANCELLED` after leaving the loop. */
  readonly status: StatusName | undefined;
  /** The details of the end; undefined until the call has ended. */
  readonly ending: GrpcEnding | undefined;
  /** Ends the loop cleanly after the messages received so far. The call counts up to that point. */
  cancel(): void;
}

/** A call with messages in both directions. It starts at once. */
export interface GrpcDuplex<Request = object, Response = unknown> extends GrpcStream<Response> {
  /**
   * Sends a message. Resolves when the next one may follow: a peer that reads slowly makes the
   * sender wait. Does nothing once the call has ended.
   * @throws TypeError if the message cannot be encoded; the call goes on
   * @throws InterruptedError when the run has stopped the user
   */
  send(message: Sendable<Request>): Promise<void>;
  /** Ends the messages to the server. */
  end(): void;
}

/** The response of `grpc.health.v1.Health/Check`. */
export interface HealthReply {
  /** The state of the service. */
  readonly status: 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}
