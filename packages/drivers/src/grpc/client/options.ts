import type { Duration } from '@drumline/model';
import type { Verdict } from '../../calls/verdict.js';
import type { TlsOptions } from '../../engine/settings.js';
import type { GrpcSchema } from '../schema-contract.js';
import type { StatusName } from '../status.js';
import type { GrpcReply } from './types.js';

/**
 * A service of a schema, with the settings of its calls. A handle in a scenario stands for it.
 * Clients compare it by identity.
 */
export interface ServiceSpec {
  readonly schema: GrpcSchema;
  /** `bank.Accounts` */
  readonly service: string;
  readonly options?: ServiceOptions;
}

/**
 * A value of metadata. Names that end with `-bin` have bytes; `undefined` and `null` omit the name.
 */
export type MetadataValue = string | number | boolean | Uint8Array | null | undefined;

/** Names, each with one value or several. Names are sent in lower case. */
export type MetadataFields = Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

/** The settings for the calls of a service, as plain data. A call may override some of them. */
export interface ServiceOptions {
  /**
   * `bank.example:443`, `http://bank.example:50051` or `https://bank.example`. Without a scheme,
   * TLS is used if `tls` is set. Default: the plan's target.
   */
  readonly target?: string;
  /**
   * Connections of each lane, shared by its users. `'user'` opens one for every user. Services with
   * the same target and settings share theirs. Default 1.
   */
  readonly channels?: number | 'user';
  /**
   * The largest number of concurrent calls on one connection; the server may allow fewer. Default
   * 100.
   */
  readonly maxStreams?: number;
  /** From the call to its end; also sent to the server. 0 for none. Default 30 s. */
  readonly deadline?: Duration;
  /**
   * Limit for name lookup, TCP and TLS together; 0 for no limit. Default: that of HTTP, which is 10
   * s.
   */
  readonly connectTimeout?: Duration;
  /** Sent with every call. */
  readonly metadata?: MetadataFields;
  /** Certificates and keys. Default: those of HTTP. */
  readonly tls?: TlsOptions;
  /** Sent as `:authority` in place of the target's host. */
  readonly authority?: string;
  /**
   * A longer message from the server fails its call with RESOURCE_EXHAUSTED. Default 4 MiB; 0 for
   * no limit.
   */
  readonly maxReceiveBytes?: number;
  /**
   * A longer message to the server is not sent and fails its call with RESOURCE_EXHAUSTED. Default:
   * no limit.
   */
  readonly maxSendBytes?: number;
  /** Compresses requests. Responses are always decompressed if needed. */
  readonly compression?: 'gzip';
  /**
   * PINGs on each connection. A PING without an answer within `timeout` (default 20 s) closes the
   * connection. Default: none.
   */
  readonly keepAlive?: {
    /** The interval between pings. */
    readonly every: Duration;
    /** How long to wait for the response to a ping. */
    readonly timeout?: Duration;
  };
  /**
   * `native` is Drumline's own engine; `grpc-js` needs several times as much CPU. Default `native`.
   */
  readonly engine?: 'native' | 'grpc-js';
}

/** Options of any call. */
export interface StreamOptions {
  /** The name in the report. Default `bank.Accounts/GetBalances`. */
  readonly name?: string;
  /** Tags of the series, in addition to those of the user. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Added to the metadata of the service. Replaces values of the same name; `undefined` omits a
   * name.
   */
  readonly metadata?: MetadataFields;
  /** Default: the service's, which is 30 s. 0 for none. */
  readonly deadline?: Duration;
  /** The statuses that count as passed in place of `OK`. */
  readonly expect?: StatusName | readonly StatusName[];
}

/**
 * Options of a call with one reply.
 *
 * A function given as `expect` checks the reply, whatever its status. The reply passes if it
 * returns `true` or nothing. It fails if the function throws, or returns `false` or a string, which
 * is the reason. A call without a response from a server fails without this check.
 */
export interface CallOptions<Response = unknown> extends Omit<StreamOptions, 'expect'> {
  /** What passes in place of `OK`: a status, several, or a function that judges the reply. */
  readonly expect?: StatusName | readonly StatusName[] | ((reply: GrpcReply<Response>) => Verdict);
}

/** How a large request is split. */
export interface BatchOptions<Item, Request, Response = unknown> extends CallOptions<Response> {
  /** Items in a batch; the last one may have fewer. */
  readonly size: number;
  /** Concurrent batches. Default 1. */
  readonly concurrency?: number;
  /** Creates the message of a batch. */
  readonly request: (batch: readonly Item[], index: number) => Request;
}
