/**
 * The contract of a gRPC engine: calls of messages that are bytes, over channels; what messages
 * mean, names and verdicts stand above it (`./client`). `test/contract/grpc-engine.ts` is the suite
 * that every engine passes.
 *
 * Instants are milliseconds on the monotonic clock the engine was given (`now`), with fractions.
 */
import type { ExchangeTiming } from '../engine/contract.js';
import type { NetworkOptions, TlsOptions } from '../engine/settings.js';
import type { Failure } from '../engine/failure.js';
import type { StatusCode } from './status.js';

/** How the calls of one service travel. */
export interface GrpcEngineOptions {
  /** The lane's monotonic clock, milliseconds with fractions. */
  readonly now: () => number;
  /** Scheme, host and port: `http://127.0.0.1:50051` without TLS, `https://…` with it. */
  readonly origin: string;
  readonly tls?: TlsOptions;
  readonly network?: NetworkOptions;
  /**
   * Connections that all sessions share, each with as many calls at a time as the server allows
   * (and `maxStreams`); `user`: each session has one of its own. Further calls wait. Default 1.
   */
  readonly channels?: number | 'user';
  /** Calls on one connection at a time, at most; the server may allow fewer. Default 100. */
  readonly maxStreams?: number;
  /** Sent as `:authority` in place of the origin's host. */
  readonly authority?: string;
  /** Name look-up, TCP and TLS together, milliseconds; 0 means no limit. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /**
   * A longer message from the server, after decompression, ends its call with RESOURCE_EXHAUSTED.
   * Default 4 MiB, as everywhere; 0 means no limit.
   */
  readonly maxReceiveBytes?: number;
  /** A longer message to the server is not sent: RESOURCE_EXHAUSTED. Default: no limit. */
  readonly maxSendBytes?: number;
  /** Compresses what is sent. */
  readonly compression?: 'gzip';
  /**
   * PINGs on a connection, also while it is idle; one that is not answered in time closes it
   * (UNAVAILABLE). Default: none.
   */
  readonly keepAlive?: { readonly everyMs: number; readonly timeoutMs: number };
}

/** One for the calls of a service in a lane. */
export interface GrpcEngine {
  /** Opens no connection yet: that happens with the first call. */
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
 * Name, value, name, value, … Names are lower case; values of names ending in `-bin` are base64
 * without padding.
 */
export type RawMetadata = readonly string[];

export interface GrpcRequest {
  /** `/bank.Accounts/GetBalances` */
  readonly path: string;
  /**
   * Pass the same frozen array again where nothing changed: engines remember what they made of it.
   */
  readonly metadata: RawMetadata;
  /** From the call to the end, milliseconds; also said to the server (`grpc-timeout`). 0: none. */
  readonly deadlineMs: number;
  /**
   * The only message: it is sent at once, and the sending side closed. Without it, `send` and
   * `endSend` follow.
   */
  readonly message?: Uint8Array;
}

/** What a call tells: `onHeaders` once at most, `onMessage` for each message, then `onEnd` once. */
export interface GrpcHandler {
  /**
   * The initial metadata; not called where the server answers with a status only.
   * @param startedAtMs as in `ExchangeTiming`
   */
  onHeaders?(metadata: RawMetadata, startedAtMs: number): void;
  /**
   * A message, decompressed. The bytes are lent for the length of the call.
   * @param atMs when its last byte came
   */
  onMessage(bytes: Uint8Array, atMs: number): void;
  /** What `send` could not send at once has been sent. */
  onDrain?(): void;
  /** The end, good or bad. After it nothing is called. */
  onEnd(end: GrpcEnd): void;
}

/** A call on its way. After its end all of these do nothing. */
export interface GrpcCall {
  /**
   * @param message not to be changed afterwards
   * @returns false if the peer is slower than the writer: wait for `onDrain` before sending much
   * more
   */
  send(message: Uint8Array): boolean;
  /** No more messages follow. */
  endSend(): void;
  /** Ends it at once with CANCELLED; the server hears of it. */
  cancel(reason: string): void;
  /** Messages that are on their way may still come after it. The deadline goes on. */
  pause(): void;
  resume(): void;
}

export interface GrpcEnd {
  /**
   * The server's, or what stands for it where none came: DEADLINE_EXCEEDED, UNAVAILABLE, INTERNAL,
   * … as gRPC says.
   */
  readonly status: StatusCode;
  /** The server's words (`grpc-message`), or ours. */
  readonly message: string;
  /** The trailing metadata, without `grpc-status` and `grpc-message`. */
  readonly trailers: RawMetadata;
  /** Present if the status is ours and not the server's: why. */
  readonly failure?: Failure | undefined;
  /** Whether anything of the call was handed to the socket, so that the target may have seen it. */
  readonly sent: boolean;
  readonly timing: ExchangeTiming;
  /** Of the call's own frames. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}
