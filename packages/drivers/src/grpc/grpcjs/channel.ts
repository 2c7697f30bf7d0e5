import net from 'node:net';
import { Channel, compressionAlgorithms, connectivityState, type ChannelOptions } from '@grpc/grpc-js';
import type { OpenedConnection } from '@drumline/model';
import type { Endpoint } from '../../dial/addresses.js';
import { afterReading } from '../../dial/after-reading.js';
import type { LookUp, Names } from '../../dial/names.js';
import type { TlsClient } from '../../dial/tls-client.js';
import type { DialTarget } from '../../dial/transport.js';
import { timedOut, type Failure } from '../../engine/failure.js';
import type { GrpcEngineOptions } from '../contract.js';
import { StatusCode } from '../status.js';
import type { GrpcJsCall } from './call.js';
import { WatchedCredentials, type ConnectionWatcher } from './connector.js';

/** What the channels of an engine share. */
export interface ChannelContext {
  readonly now: () => number;
  readonly names: Names;
  readonly tls: TlsClient;
  readonly target: DialTarget;
  /** 0: no limit. */
  readonly connectTimeoutMs: number;
  readonly options: ChannelOptions;
}

/**
 * Beyond this size, a message is no longer kept for a retry on another connection after a
 * REFUSED_STREAM.
 */
const KEPT_BYTES = 64 * 1024;

export function channelOptions(options: GrpcEngineOptions, authority: string): ChannelOptions {
  const { maxReceiveBytes, compression, keepAlive } = options;
  return {
    'grpc.default_authority': options.authority ?? authority,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_channelz': 0,
    'grpc.per_rpc_retry_buffer_size': KEPT_BYTES,
    ...(maxReceiveBytes !== undefined && { 'grpc.max_receive_message_length': maxReceiveBytes || -1 }),
    ...(compression && { 'grpc.default_compression_algorithm': compressionAlgorithms[compression] }),
    ...(keepAlive && {
      'grpc.keepalive_time_ms': keepAlive.everyMs,
      'grpc.keepalive_timeout_ms': keepAlive.timeoutMs,
      'grpc.keepalive_permit_without_calls': 1,
    }),
  };
}

/**
 * One connection at a time, with its calls.
 *
 * When a connection cannot be opened, the channel of grpc-js is discarded. It would retry
 * automatically and fail calls meanwhile. Here each call without a connection opens one.
 */
export class GrpcJsChannel implements ConnectionWatcher, LookUp {
  readonly now: () => number;
  readonly tls: TlsClient;
  readonly target: DialTarget;
  dialFailure: Failure | undefined;
  readonly #calls = new Set<GrpcJsCall>();
  readonly #sockets = new Set<net.Socket>();
  /** Sockets without TLS so far. */
  readonly #opening = new Set<net.Socket>();
  #channel: Channel | undefined;
  #credentials: WatchedCredentials | undefined;
  #closed = false;
  #lookingUp = false;
  #lookUpAtMs = 0;
  #dnsMs = 0;
  #connectTimer: NodeJS.Timeout | undefined;

  constructor(private readonly context: ChannelContext) {
    this.now = context.now;
    this.tls = context.tls;
    this.target = context.target;
  }

  get busy(): number {
    return this.#calls.size;
  }

  has(call: GrpcJsCall): boolean {
    return this.#calls.has(call);
  }

  carry(call: GrpcJsCall): void {
    this.#calls.add(call);
    this.#limitConnecting();
    if (this.#channel !== undefined) call.carriedBy(this.#channel);
    else if (!this.#lookingUp) this.#lookUp();
  }

  ended(call: GrpcJsCall): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#stopTimer();
    if (this.#channel?.getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE) this.#discard();
  }

  onFound(endpoints: readonly Endpoint[]): void {
    this.#lookingUp = false;
    this.#dnsMs = this.now() - this.#lookUpAtMs;
    this.#open(endpoints);
  }

  onNotFound(failure: Failure): void {
    this.#lookingUp = false;
    this.#failUnsent(failure);
  }

  onOpened(opened: Omit<OpenedConnection, 'dnsMs'>, tcp: net.Socket): void {
    this.#opening.delete(tcp);
    this.#stopTimer();
    for (const call of this.#calls) {
      if (call.sent || call.over) continue;
      call.opened = { ...opened, dnsMs: this.#dnsMs };
      this.#dnsMs = 0;
      return;
    }
  }

  onFailed(failure: Failure): void {
    this.dialFailure = failure;
  }

  onSocket(tcp: net.Socket): void {
    this.#sockets.add(tcp);
    this.#opening.add(tcp);
    tcp.once('close', () => {
      this.#sockets.delete(tcp);
      this.#opening.delete(tcp);
    });
  }

  /**
   * To be called after all calls have ended.
   * @returns when the last socket is closed
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    this.#discard();
    await Promise.all(
      [...this.#sockets].map(
        (socket) => new Promise((resolve) => void socket.once('close', resolve).destroy()),
      ),
    );
  }

  #lookUp(): void {
    this.#lookUpAtMs = this.now();
    this.#lookingUp = true;
    const known = this.context.names.known(this.target);
    if (known === undefined) this.context.names.lookUp(this.target.host, this);
    else this.onFound(known);
  }

  #open(endpoints: readonly Endpoint[]): void {
    if (this.#closed) return;
    if (endpoints.length === 0) return this.#failUnsent(noAddress(this.target.host));
    this.dialFailure = undefined;
    this.#credentials = new WatchedCredentials(this);
    const channel = new Channel(this.#placesOf(endpoints), this.#credentials, this.context.options);
    this.#channel = channel;
    for (const call of this.#calls) if (!call.over) call.carriedBy(channel);
  }

  /**
   * grpc-js accepts addresses of one family only. In a list with IPv6 addresses, IPv4 ones are
   * mapped (RFC 4291, section 2.5.5.2).
   */
  #placesOf(endpoints: readonly Endpoint[]): string {
    const family = endpoints.some(({ address }) => net.isIPv6(address)) ? 6 : 4;
    const places = endpoints.map(({ address, port = this.target.port }) => {
      if (family === 4) return `${address}:${port}`;
      return net.isIPv6(address) ? `[${address}]:${port}` : `[::ffff:${address}]:${port}`;
    });
    return `ipv${family}:${places.join(',')}`;
  }

  #discard(): void {
    for (const tcp of this.#opening) tcp.destroy();
    if (this.#credentials !== undefined) this.#credentials.abandoned = true;
    this.#channel?.close();
    this.#channel = undefined;
  }

  #limitConnecting(): void {
    const { connectTimeoutMs } = this.context;
    const connected = this.#sockets.size > this.#opening.size;
    if (connectTimeoutMs === 0 || this.#connectTimer !== undefined || connected) return;
    this.#connectTimer = afterReading(connectTimeoutMs, () => {
      this.#stopTimer();
      this.#failUnsent(timedOut('connect', connectTimeoutMs));
      this.#discard();
    });
  }

  #stopTimer(): void {
    clearTimeout(this.#connectTimer);
    this.#connectTimer = undefined;
  }

  #failUnsent(failure: Failure): void {
    for (const call of this.#calls) if (!call.sent) call.fail(StatusCode.UNAVAILABLE, failure);
  }
}

function noAddress(host: string): Failure {
  return { class: 'dns', code: 'NO_ADDRESS', message: `no address of the family asked for: ${host}` };
}
