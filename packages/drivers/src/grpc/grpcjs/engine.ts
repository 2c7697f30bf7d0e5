import { Names } from '../../dial/names.js';
import { TlsClient } from '../../dial/tls-client.js';
import { aborted, type Failure } from '../../engine/failure.js';
import { DEFAULT_MAX_STREAMS } from '../../engine/settings.js';
import type {
  GrpcCall,
  GrpcEngine,
  GrpcEngineOptions,
  GrpcHandler,
  GrpcRequest,
  GrpcSession,
} from '../contract.js';
import { StatusCode } from '../status.js';
import { GrpcJsCall, type CallOwner } from './call.js';
import { channelOptions, GrpcJsChannel, type ChannelContext } from './channel.js';
import { ChannelGroup } from './channel-group.js';

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_RECEIVE_BYTES = 4 * 1024 * 1024;
const SESSION_CLOSED = aborted('the session was closed');

/**
 * gRPC over @grpc/grpc-js: the reference for testing the native engine, at ten times its cost.
 *
 * The library hides its frames, which limits the figures. `firstByteAtMs` is the arrival of the
 * headers. `sentAtMs` is the opening of the stream, which may still wait for the server to allow
 * it. Bytes are those of messages before compression, with prefixes of five bytes.
 *
 * A call is sent only after the SETTINGS of the server. Messages that arrive together with an error
 * status may be lost.
 * @throws TypeError if the TLS or network options are invalid, or contain local addresses
 */
export function createGrpcJsEngine(options: GrpcEngineOptions): GrpcEngine {
  if (options.network?.localAddresses !== undefined)
    throw new TypeError(
      "the engine 'grpc-js' does not support localAddresses: remove them, or use the engine 'native'",
    );
  const context = contextOf(options);
  const open = (count: number): ChannelGroup =>
    new ChannelGroup(
      Array.from({ length: count }, () => new GrpcJsChannel(context)),
      options.maxStreams ?? DEFAULT_MAX_STREAMS,
    );
  const { channels = 1 } = options;
  const shared = channels === 'user' ? undefined : open(channels);
  const sessions = new Set<GrpcJsSession>();
  return {
    openSession() {
      const own = shared ?? open(1);
      const session = new GrpcJsSession(options, own, async () => {
        if (own !== shared) await own.close();
        sessions.delete(session);
      });
      sessions.add(session);
      return session;
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
      await shared?.close();
    },
  };
}

function contextOf({
  now,
  origin,
  tls,
  network,
  connectTimeoutMs,
  ...options
}: GrpcEngineOptions): ChannelContext {
  const url = new URL(origin);
  const secure = url.protocol === 'https:';
  return {
    now,
    names: new Names(network ?? {}, now),
    tls: new TlsClient(tls),
    target: {
      secure,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (secure ? 443 : 80),
    },
    connectTimeoutMs: connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    options: channelOptions({ now, origin, ...options }, url.host),
  };
}

class GrpcJsSession implements GrpcSession, CallOwner {
  readonly now: () => number;
  readonly maxSendBytes: number;
  readonly maxReceiveBytes: number;
  readonly #calls = new Set<GrpcJsCall>();
  #closing: Promise<void> | undefined;

  constructor(
    { now, maxSendBytes = 0, maxReceiveBytes = DEFAULT_MAX_RECEIVE_BYTES }: GrpcEngineOptions,
    private readonly channels: ChannelGroup,
    private readonly onClose: () => Promise<void> | void,
  ) {
    this.now = now;
    this.maxSendBytes = maxSendBytes;
    this.maxReceiveBytes = maxReceiveBytes;
  }

  start(request: GrpcRequest, handler: GrpcHandler): GrpcCall {
    const call = new GrpcJsCall(request, handler, this);
    this.#calls.add(call);
    if (this.#closing !== undefined) call.fail(StatusCode.CANCELLED, SESSION_CLOSED);
    else if (!call.over) this.channels.submit(call);
    return call;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  dialFailure(call: GrpcJsCall): Failure | undefined {
    return this.channels.dialFailure(call);
  }

  ended(call: GrpcJsCall): void {
    this.#calls.delete(call);
    this.channels.ended(call);
  }

  async #close(): Promise<void> {
    for (const call of this.#calls) call.fail(StatusCode.CANCELLED, SESSION_CLOSED);
    await this.onClose();
  }
}
