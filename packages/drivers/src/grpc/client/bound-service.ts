import { hasUnknownKey, parseDuration, requireKnownKeys, unknownOptions } from '@drumline/model';
import { refuseInterrupted } from '../../calls/interrupted.js';
import type { SeriesCatalog } from '../../calls/series-catalog.js';
import type { GrpcEngine, GrpcSession } from '../contract.js';
import type { MethodKind } from '../schema-contract.js';
import { callInBatches } from './batches.js';
import type { Call, CallOwner } from './call.js';
import { Encoded, encodeMessage } from './encode.js';
import { messageSeries, seriesOf, type LaneService, type Route } from './lane-service.js';
import { BATCH_KEYS, CALL_KEYS } from './option-keys.js';
import type { BatchOptions, CallOptions, StreamOptions } from './options.js';
import type { PreparedCall } from './prepared-call.js';
import { ReplyCall } from './reply-call.js';
import type { GrpcService } from './service.js';
import { StreamCall } from './stream-call.js';
import type { EncodedMessage, GrpcDuplex, GrpcReply, GrpcStream, HealthReply } from './types.js';
import { requireIterable, upload } from './upload.js';

/** The user that a service is called for. */
export interface ServiceUser extends CallOwner {
  readonly catalog: SeriesCatalog;
  readonly isInterrupted: boolean;
  /** Registers a call that is about to start. */
  began(call: Call): void;
}

const NO_OPTIONS: StreamOptions = {};
/** Frozen, so that its bytes are cached. */
const NO_FIELDS = Object.freeze({});

/** A service for one user. Its types are those of `GrpcService`. */
export class BoundService implements GrpcService {
  readonly #lane: LaneService;
  readonly #user: ServiceUser;

  constructor(
    lane: LaneService,
    user: ServiceUser,
    readonly session: GrpcSession,
  ) {
    this.#lane = lane;
    this.#user = user;
  }

  get engine(): GrpcEngine {
    return this.#lane.engine;
  }

  call(method: string, message: object = NO_FIELDS, options?: CallOptions): Promise<GrpcReply> {
    return this.#call(method, message, options);
  }

  stream(method: string, message: object = NO_FIELDS, options: StreamOptions = NO_OPTIONS): GrpcStream {
    return this.#openStream(this.#route(method, 'serverStream'), message, options);
  }

  async send(
    name: string,
    messages: Iterable<object> | AsyncIterable<object>,
    options: CallOptions = NO_OPTIONS,
  ): Promise<GrpcReply> {
    if (this.#user.isInterrupted) return await refuseInterrupted();
    const route = this.#route(name, 'clientStream');
    requireIterable(messages, route.label);
    const call = this.#start(this.#replyCall(route, undefined, options));
    const encode = (message: object): Uint8Array => encodeMessage(route.method, message, route.label);
    upload(messages, encode, call.sendSide).catch((error: Error) => call.breakOff(error));
    return await call.done;
  }

  open(method: string, options: StreamOptions = NO_OPTIONS): GrpcDuplex {
    return this.#openStream(this.#route(method, 'bidiStream'), undefined, options);
  }

  async batches<Item>(
    method: string,
    items: readonly Item[],
    options: BatchOptions<Item, object>,
  ): Promise<GrpcReply[]> {
    const { catalog, sink, isInterrupted } = this.#user;
    if (isInterrupted) return await refuseInterrupted();
    requireKnownKeys(options, BATCH_KEYS, `${this.#lane.spec.service}/${method}`);
    const series = seriesOf(catalog, this.#route(method, 'unary'), options, 'batches');
    const { size: _size, concurrency: _concurrency, request: _request, ...each } = options;
    const call = (message: object): Promise<GrpcReply> => this.call(method, message, each);
    return await callInBatches(items, options, { ...sink, series, call });
  }

  encoded<Request extends object>(name: string, message: Request): EncodedMessage<Request> {
    const method = this.#lane.method(name);
    return new Encoded(method.requestType, encodeMessage(method, message, method.path.slice(1)));
  }

  async health(
    service = this.#lane.spec.service,
    options?: CallOptions<HealthReply>,
  ): Promise<GrpcReply<HealthReply>> {
    const route = this.#lane.healthRoute(this.#user.catalog);
    const reply = await this.#call(route, { service }, options as CallOptions);
    return reply as GrpcReply<HealthReply>;
  }

  // Not an async function: that would cost every call another turn of the promise queue.
  #call(target: string | Route, message: object, options: CallOptions = NO_OPTIONS): Promise<GrpcReply> {
    if (this.#user.isInterrupted) return refuseInterrupted();
    let call: ReplyCall<unknown>;
    try {
      const route = typeof target === 'string' ? this.#route(target, 'unary') : target;
      call = this.#replyCall(route, message, options);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return this.#start(call).done;
  }

  #replyCall(route: Route, message: object | undefined, options: CallOptions): ReplyCall<unknown> {
    const { expect } = options;
    const judge = typeof expect === 'function' ? expect : undefined;
    const expected = typeof expect === 'function' ? undefined : expect;
    return new ReplyCall(this.#prepare(route, message, options, expected), this.#user, judge);
  }

  #openStream(
    route: Route,
    message: object | undefined,
    options: StreamOptions,
  ): StreamCall<object, unknown> {
    const { catalog, isInterrupted } = this.#user;
    const prepared = this.#prepare(route, message, options, options.expect);
    const encode = (one: object): Uint8Array => encodeMessage(route.method, one, route.label);
    const call = new StreamCall<object, unknown>(
      prepared,
      this.#user,
      messageSeries(catalog, route, options),
      encode,
    );
    return isInterrupted ? call.refuse() : this.#start(call);
  }

  #prepare(
    route: Route,
    message: object | undefined,
    options: Omit<StreamOptions, 'expect'>,
    expect: StreamOptions['expect'],
  ): PreparedCall {
    const { method, label } = route;
    const { metadata, deadlineMs, tracer } = this.#lane;
    if (hasUnknownKey(options, CALL_KEYS)) throw unknownOptions(options, CALL_KEYS, label);
    const { deadline } = options;
    const bytes = message === undefined ? undefined : encodeMessage(method, message, label);
    const list = metadata.with(options.metadata);
    const trace = tracer?.traceOf(list);
    return {
      method,
      series: seriesOf(this.#user.catalog, route, options),
      expect,
      service: this.#lane,
      trace,
      request: {
        path: method.path,
        metadata: trace === undefined ? list : tracer!.traced(list, trace),
        deadlineMs: deadline === undefined ? deadlineMs : parseDuration(deadline),
        ...(bytes !== undefined && { message: bytes }),
      },
    };
  }

  #start<C extends Call>(call: C): C {
    this.#user.began(call);
    call.start(this.session);
    return call;
  }

  #route(method: string, kind: MethodKind): Route {
    return this.#lane.route(this.#user.catalog, method, kind);
  }
}
