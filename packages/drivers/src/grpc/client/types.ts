import type { OpenedConnection, Phases } from '@drumline/model';
import type { MethodKind } from '../schema-contract.js';
import type { StatusCode, StatusName } from '../status.js';
import type { BatchOptions, CallOptions, StreamOptions } from './options.js';

/**
 * The services whose messages are known to the compiler, by name: `{ 'bank.Accounts': { GetBalances: { kind: 'unary'; request: …; response: … } } }`.
 * Generated declarations add to it.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- for declarations to add to
export interface GrpcTypes {}

/** What is known of a method. */
export interface MethodTypes {
  readonly kind: MethodKind;
  readonly request: object;
  readonly response: unknown;
}

/** A service of which no types were generated: any method, any message. */
export interface UntypedService {
  readonly [method: string]: {
    readonly kind: never;
    readonly request: object;
    // oxlint-disable-next-line typescript/no-explicit-any -- nothing is known of it
    readonly response: any;
  };
}

/** The types of a service by its name. */
export type ServiceTypesOf<Name extends string> = Name extends keyof GrpcTypes
  ? GrpcTypes[Name]
  : UntypedService;

/** Names of those methods of a service that are of a kind. */
type MethodsOf<Service, Kind extends MethodKind> = {
  [Name in keyof Service]: Service[Name] extends { readonly kind: Kind } ? Name : never;
}[keyof Service] &
  string;

type RequestOf<Service, Name extends keyof Service> = Service[Name] extends {
  readonly request: infer R;
}
  ? R
  : never;
type ResponseOf<Service, Name extends keyof Service> = Service[Name] extends {
  readonly response: infer R;
}
  ? R
  : never;

/** A message that was encoded once, to be sent often. */
export interface EncodedMessage<Request = object> {
  /** Full name of its type, `bank.BalancesRequest`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** For the compiler alone. */
  readonly message?: Request;
}

/** A message as it may be given: one that is deeply frozen is encoded once too. */
export type Sendable<Request> = Request | EncodedMessage<Request>;

/** Metadata that came. Names are lower case. */
export interface ReceivedMetadata extends Iterable<readonly [name: string, value: string]> {
  /** The first value; of names that end with `-bin` in base64. */
  get(name: string): string | undefined;
  getAll(name: string): readonly string[];
  /** The first value of a name that ends with `-bin`. */
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
  /** The server's, or what stands for it where none came: `OK`, `NOT_FOUND`, `DEADLINE_EXCEEDED`, `UNAVAILABLE`, … */
  readonly status: StatusName;
  readonly code: StatusCode;
  /** The server's words, or ours. */
  readonly details: string;
  readonly metadata: ReceivedMetadata;
  readonly trailers: ReceivedMetadata;
  readonly errorDetails: readonly GrpcErrorDetail[];
  /** From the call to its end. */
  readonly durationMs: number;
  readonly timing: Phases;
  /** The connection opened for this call, with what TLS agreed on; undefined if it went over a kept one. */
  readonly opened: OpenedConnection | undefined;
}

/** What is counted, and may be declared failed. */
export interface Failable {
  /** Whether the call counts as failed in the report. */
  readonly failed: boolean;
  /** Why: `NOT_FOUND`, `UNAVAILABLE: connection refused`, `FAILED_PRECONDITION: ACCOUNT_FROZEN`, … */
  readonly failure: string | undefined;
  /** Declares the call failed, also after it was counted. The first reason stays. */
  fail(reason: string): void;
}

/** What a call with one reply brought. A call that fails gives one too. */
export interface GrpcReply<Response = unknown> extends GrpcEnding, Failable {
  /** Whether the call counts as passed: by its `expect`, or without one if the status is `OK`. */
  readonly ok: boolean;
  /**
   * Undefined unless the status is `OK`. Decoded when it is looked at, and once more if other replies have been looked at since: keep it in a
   * variable. One that cannot be decoded fails the call.
   */
  readonly message: Response | undefined;
}

/**
 * The messages that a server sends, for one `for await`. The loop ends when the call does, good or bad: `status` tells how. Leaving the loop
 * cancels the call, which counts up to there; reading slowly makes the server wait.
 *
 * The call is counted when it has ended. Its messages have series of their own, which are not
 * requests: the first one (`first message`) is timed
 * since the call, the others (`message`) since the one before.
 * @throws InterruptedError from the loop when the run has stopped the user
 */
export interface GrpcStream<Response = unknown> extends AsyncIterable<Response>, Failable {
  /** Messages that have come. */
  readonly received: number;
  /** Undefined until the call has ended; `CANCELLED` after leaving. */
  readonly status: StatusName | undefined;
  /** All about the end; undefined until the call has ended. */
  readonly ending: GrpcEnding | undefined;
  /** Ends the loop in good order, after the messages that have come; the call counts up to there. */
  cancel(): void;
}

/** A call with messages both ways, which begins at once. */
export interface GrpcDuplex<Request = object, Response = unknown> extends GrpcStream<Response> {
  /**
   * Resolves when the next message may follow: a peer that reads slowly makes the sender wait. Does nothing once the call has ended.
   * @throws TypeError if the message cannot be encoded; the call goes on
   * @throws InterruptedError when the run has stopped the user
   */
  send(message: Sendable<Request>): Promise<void>;
  /** No more messages follow. */
  end(): void;
}

/** What `grpc.health.v1.Health/Check` answers. */
export interface HealthReply {
  readonly status: 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

/**
 * A service, called on behalf of one user.
 *
 * Every call gives exactly one sample, timed from the call to its end: `grpc`, the kind (`unary`, `server stream`, `client stream`, `bidi`) and the
 * name, `bank.Accounts/GetBalances` unless `name` is given. A call that fails does not throw: it returns a reply with another status than `OK`.
 * @throws TypeError from every method if there is no such method, or message, metadata or options cannot be sent; such a call is not counted
 * @throws RangeError from every method if a duration cannot be read
 * @throws InterruptedError from every method when the run has stopped the user
 */
export interface GrpcService<Service = UntypedService> {
  call<Name extends MethodsOf<Service, 'unary'>>(
    method: Name,
    /** Default: a message without fields. */
    message?: Sendable<RequestOf<Service, Name>>,
    options?: CallOptions<ResponseOf<Service, Name>>,
  ): Promise<GrpcReply<ResponseOf<Service, Name>>>;

  /** Begins a call with messages from the server. */
  stream<Name extends MethodsOf<Service, 'serverStream'>>(
    method: Name,
    /** Default: a message without fields. */
    message?: Sendable<RequestOf<Service, Name>>,
    options?: StreamOptions,
  ): GrpcStream<ResponseOf<Service, Name>>;

  /**
   * Sends a message after the other, as fast as the server reads, until there are no more or the server has answered.
   * @throws what `messages` throws, or TypeError for one that cannot be encoded; a call that was begun then counts as failed
   */
  send<Name extends MethodsOf<Service, 'clientStream'>>(
    method: Name,
    messages:
      Iterable<Sendable<RequestOf<Service, Name>>> | AsyncIterable<Sendable<RequestOf<Service, Name>>>,
    options?: CallOptions<ResponseOf<Service, Name>>,
  ): Promise<GrpcReply<ResponseOf<Service, Name>>>;

  /** Begins a call with messages both ways. */
  open<Name extends MethodsOf<Service, 'bidiStream'>>(
    method: Name,
    options?: StreamOptions,
  ): GrpcDuplex<RequestOf<Service, Name>, ResponseOf<Service, Name>>;

  /**
   * Calls a unary method once for each batch of `items`. Each batch is a call and a sample like any other; all of them together have a series
   * of their own (`batches`), which are not requests; failed if one of them has.
   * @returns the replies in the order of the batches
   */
  batches<Name extends MethodsOf<Service, 'unary'>, Item>(
    method: Name,
    items: readonly Item[],
    options: BatchOptions<Item, Sendable<RequestOf<Service, Name>>, ResponseOf<Service, Name>>,
  ): Promise<GrpcReply<ResponseOf<Service, Name>>[]>;

  /** Encodes a message once, to be sent often. */
  encoded<Name extends keyof Service & string>(
    method: Name,
    message: RequestOf<Service, Name>,
  ): EncodedMessage<RequestOf<Service, Name>>;

  /** Asks the server how it is (`grpc.health.v1`). @param service another than this one; '' for the server as a whole */
  health(service?: string, options?: CallOptions<HealthReply>): Promise<GrpcReply<HealthReply>>;
}
