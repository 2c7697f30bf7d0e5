/**
 * The contract of a gRPC engine: calls over channels, with messages as bytes. Message types, names
 * and verdicts belong to the layer above (`./client`). Every engine passes the suite in
 * `test/contract/grpc-engine.ts`.
 *
 * Instants are milliseconds on the monotonic clock the engine was given (`now`), with fractions.
 */
import type { ExchangeTiming } from '../engine/contract.js';
import type { NetworkOptions, TlsOptions } from '../engine/settings.js';
import type { Failure } from '../engine/failure.js';
import type { StatusCode } from './status.js';

/** The settings for the calls of one service. */
export interface GrpcEngineOptions {
  /** The lane's monotonic clock, milliseconds with fractions. */
  readonly now: () => number;
  /** Scheme, host and port: `http://127.0.0.1:50051` without TLS, `https://…` with it. */
  readonly origin: string;
  readonly tls?: TlsOptions;
  readonly network?: NetworkOptions;
  /**
   * Connections shared by all sessions. Each carries as many concurrent calls as the server and
   * `maxStreams` allow; further calls wait. `user` gives each session its own connection. Default
   * 1.
   */
  readonly channels?: number | 'user';
  /**
   * The largest number of concurrent calls on one connection; the server may allow fewer. Default
   * 100.
   */
  readonly maxStreams?: number;
  /** Sent as `:authority` in place of the origin's host. */
  readonly authority?: string;
  /**
   * Limit for name lookup, TCP and TLS together, milliseconds; 0 means no limit. Default 10,000.
   */
  readonly connectTimeoutMs?: number;
  /**
   * A longer message from the server, after decompression, ends its call with RESOURCE_EXHAUSTED.
   * Default 4 MiB, as in other clients; 0 means no limit.
   */
  readonly maxReceiveBytes?: number;
  /**
   * A longer message to the server is not sent and ends its call with RESOURCE_EXHAUSTED. Default:
   * no limit.
   */
  readonly maxSendBytes?: number;
  /** Compresses requests. */
  readonly compression?: 'gzip';
  /**
   * PINGs on a connection, even while it is idle. A PING without an answer in time closes the
   * connection (UNAVAILABLE). Default: none.
   */
  readonly keepAlive?: { readonly everyMs: number; readonly timeoutMs: number };
}

/** One engine carries the calls of a service in a lane. */
export interface GrpcEngine {
  /** Opens no connection yet: the first call does. */
  openSession(): GrpcSession;
  /** Cancels every call and closes every connection; resolves when the last socket is closed. */
  close(): Promise<void>;
}

/** One user's calls. */
export interface GrpcSession {
  /**
   * Starts a call, or queues it while all channels are full. Never throws, and never calls the
   * handler before it has returned.
   */
  start(request: GrpcRequest, handler: GrpcHandler): GrpcCall;
  /** Cancels the session's calls; resolves when its own connections are closed. */
  close(): Promise<void>;
}

/**
 * Name, value, name, value, … Names are lower case. Values of names ending in `-bin` are base64
 * without padding.
 */
export type RawMetadata = readonly string[];

export interface GrpcRequest {
  /** `/bank.Accounts/GetBalances` */
  readonly path: string;
  /**
   * Pass the same frozen array again if nothing changed: engines cache what they derive from it.
   */
  readonly metadata: RawMetadata;
  /** From the call to its end, milliseconds; also sent to the server (`grpc-timeout`). 0: none. */
  readonly deadlineMs: number;
  /**
   * The only message: it is sent at once, and the sending side is closed. Without it, use `send`
   * and `endSend`.
   */
  readonly message?: Uint8Array;
}

/**
 * Callbacks of a call: `onHeaders` at most once, `onMessage` for each message, then `onEnd` once.
 */
export interface GrpcHandler {
  /**
   * The initial metadata; not called if the server responds with a status only.
   * @param startedAtMs as in `ExchangeTiming`
   */
  onHeaders?(metadata: RawMetadata, startedAtMs: number): void;
  /**
   * A decompressed message. The bytes are valid only during the call.
   * @param atMs when its last byte arrived
   */
  onMessage(bytes: Uint8Array, atMs: number): void;
  /** Everything that `send` had to queue has been sent. */
  onDrain?(): void;
  /** The end, passed or failed. No callback follows. */
  onEnd(end: GrpcEnd): void;
}

/** A call in progress. After its end, all methods do nothing. */
export interface GrpcCall {
  /**
   * @param message must not change afterwards
   * @returns false if the peer is slower than the writer: wait for `onDrain` before sending much
   * more
   */
  send(message: Uint8Array): boolean;
  /** Ends the messages to the server. */
  endSend(): void;
  /** Ends it at once with CANCELLED and informs the server. */
  cancel(reason: string): void;
  /** Stops reading. Messages in transit may still arrive, and the deadline stays in force. */
  pause(): void;
  resume(): void;
}

export interface GrpcEnd {
  /**
   * The status of the server, or the one that gRPC defines if the server sent none:
   * DEADLINE_EXCEEDED, UNAVAILABLE, INTERNAL, …
   */
  readonly status: StatusCode;
  /** The message from the server (`grpc-message`), or that of the engine. */
  readonly message: string;
  /** The trailing metadata, without `grpc-status` and `grpc-message`. */
  readonly trailers: RawMetadata;
  /** The reason, if the engine set the status and not the server. */
  readonly failure?: Failure | undefined;
  /**
   * Whether any bytes of the call were handed to the socket, so that the target may have seen it.
   */
  readonly sent: boolean;
  readonly timing: ExchangeTiming;
  /** Bytes of the call's own frames. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}
