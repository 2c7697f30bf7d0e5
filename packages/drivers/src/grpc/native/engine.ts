import type { EngineSession, HttpEngine } from '../../engine/contract.js';
import { createNativeEngine } from '../../native/engine.js';
import type {
  GrpcCall,
  GrpcEngine,
  GrpcEngineOptions,
  GrpcHandler,
  GrpcRequest,
  GrpcSession,
} from '../contract.js';
import { NativeGrpcCall, type CallSettings } from './call.js';
import { messageTooLong } from '../fault.js';
import { CallHeaderMaker } from './request-headers.js';
import { ScratchPool } from './scratch-pool.js';

const DEFAULT_CHANNELS = 1;
/** As in other clients: a channel stays open while users wait. */
const IDLE_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_RECEIVE_BYTES = 4 * 1024 * 1024;

/**
 * Drumline's own gRPC engine: a thin layer over its HTTP/2.
 * @throws TypeError if the TLS or network options are invalid
 */
export function createNativeGrpcEngine(options: GrpcEngineOptions): GrpcEngine {
  return new NativeGrpcEngine(options);
}

class NativeGrpcEngine implements GrpcEngine {
  readonly #http: HttpEngine;
  readonly #shared: SessionShared;

  constructor(private readonly options: GrpcEngineOptions) {
    const { now, origin, tls, network, channels = DEFAULT_CHANNELS, maxStreams, keepAlive } = options;
    this.#http = createNativeEngine({
      now,
      version: '2',
      tls,
      network,
      maxStreams,
      pings: keepAlive,
      sharedConnections: channels === 'user' ? undefined : channels,
      sharedIdleTimeoutMs: IDLE_TIMEOUT_MS,
    });
    this.#shared = {
      now,
      origin,
      headers: new CallHeaderMaker(options),
      settings: {
        maxReceiveBytes: options.maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES,
        maxSendBytes: options.maxSendBytes ?? 0,
        compression: options.compression,
        scratch: new ScratchPool(),
      },
    };
  }

  openSession(): GrpcSession {
    const connectMs = this.options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
    const session = this.#http.openSession({
      maxConnections: 1,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
      timeouts: { connectMs },
    });
    return new NativeGrpcSession(session, this.#shared);
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}

/** What the sessions of an engine share. */
interface SessionShared {
  readonly now: () => number;
  readonly origin: string;
  readonly headers: CallHeaderMaker;
  readonly settings: CallSettings;
}

class NativeGrpcSession implements GrpcSession {
  constructor(
    private readonly http: EngineSession,
    private readonly shared: SessionShared,
  ) {}

  start({ path, metadata, deadlineMs, message }: GrpcRequest, handler: GrpcHandler): GrpcCall {
    const { now, origin, settings, headers: maker } = this.shared;
    const call = new NativeGrpcCall(handler, settings, deadlineMs);
    const { maxSendBytes } = settings;
    if (message !== undefined && maxSendBytes > 0 && message.length > maxSendBytes) {
      call.refuse(messageTooLong('sent', maxSendBytes), now());
      return call;
    }
    const { headers, timeouts } = maker.make(metadata, deadlineMs);
    const request = {
      method: 'POST',
      origin,
      path,
      headers,
      timeouts,
      body: call.body(message),
      announceLength: false,
      receive: 'stream',
    } as const;
    call.carriedBy(this.http.exchange(request, call));
    return call;
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
