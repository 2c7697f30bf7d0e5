import { InFlight } from '../../http/in-flight.js';
import type { SeriesCatalog } from '../../http/series-catalog.js';
import type { GrpcEngine, GrpcSession } from '../contract.js';
import { BoundService } from './bound-service.js';
import type { CallContext } from './call.js';
import type { LaneService } from './lane-service.js';
import type { ServiceSpec } from './options.js';
import type { GrpcService } from './types.js';

/** What a client shares with the others of its lane. */
export interface GrpcClientParts extends Pick<CallContext, 'onSample' | 'onLateFailure' | 'now'> {
  readonly catalog: SeriesCatalog;
  readonly laneService: (spec: ServiceSpec) => LaneService;
}

/** gRPC for one user. */
export class GrpcClient {
  readonly #parts: GrpcClientParts;
  readonly #inFlight = new InFlight();
  readonly #services = new Map<ServiceSpec, GrpcService>();
  readonly #sessions = new Map<GrpcEngine, GrpcSession>();
  #interrupted = false;

  constructor(parts: GrpcClientParts) {
    this.#parts = parts;
  }

  /**
   * The service for this user; the same one for the same spec.
   * @throws TypeError or RangeError if the service is not there or its options cannot be used
   */
  of(spec: ServiceSpec): GrpcService {
    const known = this.#services.get(spec);
    if (known !== undefined) return known;
    const service = this.#bind(this.#parts.laneService(spec));
    this.#services.set(spec, service);
    return service;
  }

  /**
   * Cuts off every call in flight, for good. Those the target may have seen are recorded as `interrupted`, the others not at all;
   * their callers and every later call get an InterruptedError.
   */
  interrupt(): void {
    this.#interrupted = true;
    this.#inFlight.interrupt();
  }

  /** Interrupts what is in flight and closes the user's own connections; resolves when they are closed. */
  async close(): Promise<void> {
    this.interrupt();
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  #bind(lane: LaneService): BoundService {
    const { catalog, onSample, onLateFailure, now } = this.#parts;
    const { errorDetailsOf } = lane;
    const onEnd: CallContext['onEnd'] = (call) => this.#inFlight.delete(call);
    return new BoundService(lane, {
      catalog,
      session: this.#sessionOf(lane.engine),
      context: { onSample, onLateFailure, now, errorDetailsOf, onEnd },
      onBegin: (call) => this.#inFlight.add(call),
      isInterrupted: () => this.#interrupted,
    });
  }

  #sessionOf(engine: GrpcEngine): GrpcSession {
    let session = this.#sessions.get(engine);
    if (session === undefined) this.#sessions.set(engine, (session = engine.openSession()));
    return session;
  }
}
