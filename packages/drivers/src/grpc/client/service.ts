import type { MethodKind } from '../schema-contract.js';
import type { BatchOptions, CallOptions, StreamOptions } from './options.js';
import type { EncodedMessage, GrpcDuplex, GrpcReply, GrpcStream, HealthReply, Sendable } from './types.js';

/**
 * The services whose message types the compiler knows, by name. Generated declarations add to it:
 * `{ 'bank.Accounts': { GetBalances: { kind: 'unary'; request: …; response: … } } }`
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- for declarations to add to
export interface GrpcTypes {}

/** The types of a method. */
export interface MethodTypes {
  readonly kind: MethodKind;
  readonly request: object;
  readonly response: unknown;
}

/** A service without generated types: any method, any message. */
export interface UntypedService {
  readonly [method: string]: {
    readonly kind: never;
    readonly request: object;
    // oxlint-disable-next-line typescript/no-explicit-any -- its type is unknown
    readonly response: any;
  };
}

/** The types of a service by its name. */
export type ServiceTypesOf<Name extends string> = Name extends keyof GrpcTypes
  ? GrpcTypes[Name]
  : UntypedService;

/** The names of a service's methods of one kind. */
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

/**
 * A service, called on behalf of one user.
 *
 * Every call gives exactly one sample, timed from the call to its end. Its series is `grpc`, the
 * kind (`unary`, `server stream`, `client stream`, `bidi`) and the name,
 * `bank.Accounts/GetBalances` unless `name` is given. A failed call does not throw: it returns a
 * reply with a status other than `OK`.
 * @throws TypeError from every method if the method does not exist, or message, metadata or options
 * cannot be sent; such a call is not counted
 * @throws RangeError from every method if a duration is invalid
 * @throws InterruptedError from every method when the run has stopped the user
 */
export interface GrpcService<Service = UntypedService> {
  /** Calls a unary method. */
  call<Name extends MethodsOf<Service, 'unary'>>(
    method: Name,
    /** Default: a message without fields. */
    message?: Sendable<RequestOf<Service, Name>>,
    options?: CallOptions<ResponseOf<Service, Name>>,
  ): Promise<GrpcReply<ResponseOf<Service, Name>>>;

  /** Starts a call with messages from the server. */
  stream<Name extends MethodsOf<Service, 'serverStream'>>(
    method: Name,
    /** Default: a message without fields. */
    message?: Sendable<RequestOf<Service, Name>>,
    options?: StreamOptions,
  ): GrpcStream<ResponseOf<Service, Name>>;

  /**
   * Sends messages one after the other, as fast as the server reads. Stops after the last one, or
   * when the server has responded.
   * @throws what `messages` throws, or TypeError for a message that cannot be encoded; a call that
   * has started then counts as failed
   */
  send<Name extends MethodsOf<Service, 'clientStream'>>(
    method: Name,
    messages:
      Iterable<Sendable<RequestOf<Service, Name>>> | AsyncIterable<Sendable<RequestOf<Service, Name>>>,
    options?: CallOptions<ResponseOf<Service, Name>>,
  ): Promise<GrpcReply<ResponseOf<Service, Name>>>;

  /** Starts a call with messages in both directions. */
  open<Name extends MethodsOf<Service, 'bidiStream'>>(
    method: Name,
    options?: StreamOptions,
  ): GrpcDuplex<RequestOf<Service, Name>, ResponseOf<Service, Name>>;

  /**
   * Calls a unary method once for each batch of `items`. Each batch is a call and a sample like any
   * other. All batches together have their own series (`batches`), which are not requests; the
   * sample fails if one of them fails.
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

  /**
   * Asks the server for its health (`grpc.health.v1`).
   * @param service another service than this one; '' for the server as a whole
   */
  health(service?: string, options?: CallOptions<HealthReply>): Promise<GrpcReply<HealthReply>>;
}
