import type { Duration } from '@drumline/model';
import type { TlsOptions } from '../../engine/settings.js';
import type { Verdict } from '../../http/options.js';
import type { GrpcSchema } from '../schema-contract.js';
import type { StatusName } from '../status.js';
import type { GrpcReply } from './types.js';

/** A service of a schema, and how its calls travel: what a handle of a scenario stands for. Clients know it by its identity. */
export interface ServiceSpec {
  readonly schema: GrpcSchema;
  /** `bank.Accounts` */
  readonly service: string;
  readonly options?: ServiceOptions;
}

/** A value of metadata. Those of names that end with `-bin` are bytes; `undefined` and `null` leave the name out. */
export type MetadataValue = string | number | boolean | Uint8Array | null | undefined;

/** Names with a value, or several values of one name. Names are sent in lower case. */
export type MetadataFields = Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

/** How the calls of a service behave; plain data. Calls may override some of it. */
export interface ServiceOptions {
  /** `bank.example:443`, `http://bank.example:50051` or `https://bank.example`. Without a scheme, TLS is spoken if `tls` is there. Default: the plan's target. */
  readonly target?: string;
  /** Connections of each lane, shared by its users; `'user'`: one for every user. Services with the same target and settings share theirs. Default 1. */
  readonly channels?: number | 'user';
  /** Calls on one connection at a time, at most; the server may allow fewer. Default 100. */
  readonly maxStreams?: number;
  /** From the call to its end; said to the server too. 0 for none. Default 30 s. */
  readonly deadline?: Duration;
  /** Name look-up, TCP and TLS together; 0 for no limit. Default: that of HTTP, which is 10 s. */
  readonly connectTimeout?: Duration;
  /** Sent with every call. */
  readonly metadata?: MetadataFields;
  /** Certificates and keys. Default: those of HTTP. */
  readonly tls?: TlsOptions;
  /** Sent as `:authority` in place of the target's host. */
  readonly authority?: string;
  /** A longer message from the server fails its call with RESOURCE_EXHAUSTED. Default 4 MiB; 0 for no limit. */
  readonly maxReceiveBytes?: number;
  /** A longer message to the server is not sent: RESOURCE_EXHAUSTED. Default: no limit. */
  readonly maxSendBytes?: number;
  /** Compresses what is sent. What comes is decompressed in any case. */
  readonly compression?: 'gzip';
  /** PINGs on each connection; one that is not answered within `timeout` (default 20 s) closes it. Default: none. */
  readonly keepAlive?: { readonly every: Duration; readonly timeout?: Duration };
  /** `native` is Drumline's own; `grpc-js` is several times dearer. Default `native`. */
  readonly engine?: 'native' | 'grpc-js';
}

/** What any call takes. */
export interface StreamOptions {
  /** The name in the report. Default `bank.Accounts/GetBalances`. */
  readonly name?: string;
  /** Tags of the series, beside those of the user. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Sent beside the service's; of the same name in their place; `undefined` leaves one out. */
  readonly metadata?: MetadataFields;
  /** Default: the service's, which is 30 s. 0 for none. */
  readonly deadline?: Duration;
  /** What counts as passed in place of `OK`. */
  readonly expect?: StatusName | readonly StatusName[];
}

/**
 * What a call with one reply takes. A function given as `expect` looks at the reply, whatever its status: `true` or nothing passes it, `false` or a
 * text fails it (the text is the reason), and so does throwing. A call that no server answered fails without being asked about.
 */
export interface CallOptions<Response = unknown> extends Omit<StreamOptions, 'expect'> {
  readonly expect?: StatusName | readonly StatusName[] | ((reply: GrpcReply<Response>) => Verdict);
}

/** How a large request is split. */
export interface BatchOptions<Item, Request, Response = unknown> extends CallOptions<Response> {
  /** Items in a batch; the last one may have fewer. */
  readonly size: number;
  /** Batches on their way at a time. Default 1. */
  readonly concurrency?: number;
  /** The message of a batch. */
  readonly request: (batch: readonly Item[], index: number) => Request;
}
