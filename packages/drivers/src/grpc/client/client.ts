import { InFlight } from '../../calls/in-flight.js';
import type { SeriesCatalog } from '../../calls/series-catalog.js';
import type { StartDelay } from '../../calls/start-delay.js';
import type { GrpcEngine, GrpcSession } from '../contract.js';
import { BoundService, type ServiceUser } from './bound-service.js';
import type { Call, CallSink } from './call.js';
import type { LaneService } from './lane-service.js';
import type { ServiceSpec } from './options.js';
import type { GrpcService } from './service.js';

/** What the clients of a lane share. */
export interface GrpcLane {
  readonly sink: CallSink;
  readonly laneService: (spec: ServiceSpec) => LaneService;
}

/** gRPC for one user. It is small, because tens of thousands of them may be waiting. */
export class GrpcClient implements ServiceUser {
  readonly #lane: GrpcLane;
  readonly #inFlight = new InFlight();
  readonly #services = new Map<ServiceSpec, BoundService>();
  #interrupted = false;

  /**
   * @param catalog of the user's type and tags
   * @param delay the user, if its iterations have due times
   */
  constructor(
    lane: GrpcLane,
    readonly catalog: SeriesCatalog,
    readonly delay?: StartDelay,
  ) {
    this.#lane = lane;
  }

  /**
   * Returns the service for this user; the same object for the same spec.
   * @throws TypeError or RangeError if the service does not exist or its options are invalid
   */
  of(spec: ServiceSpec): GrpcService {
    const known = this.#services.get(spec);
    if (known !== undefined) return known;
    const lane = this.#lane.laneService(spec);
    const service = new BoundService(lane, this, this.#sessionOf(lane.engine));
    this.#services.set(spec, service);
    return service;
  }

  /**
   * Cancels every call in progress, permanently. Calls that the target may have seen are recorded
   * as `interrupted`, the others not at all. Their callers and every later call get an
   * InterruptedError.
   */
  interrupt(): void {
    this.#interrupted = true;
    this.#inFlight.interrupt();
  }

  /**
   * Cancels calls in progress and closes the user's own connections. Resolves when they are closed.
   */
  async close(): Promise<void> {
    this.interrupt();
    const sessions = new Set([...this.#services.values()].map(({ session }) => session));
    await Promise.all([...sessions].map((session) => session.close()));
  }

  /** @internal Whether a call with one reply is in progress. */
  get hasPending(): boolean {
    return this.#inFlight.hasPending;
  }

  /** @internal */
  get isInterrupted(): boolean {
    return this.#interrupted;
  }

  /** @internal */
  get sink(): CallSink {
    return this.#lane.sink;
  }

  /** @internal */
  began(call: Call): void {
    this.#inFlight.add(call);
  }

  /** @internal */
  ended(call: Call): void {
    this.#inFlight.delete(call);
  }

  /** Services with the same connection settings share connections. */
  #sessionOf(engine: GrpcEngine): GrpcSession {
    for (const service of this.#services.values()) if (service.engine === engine) return service.session;
    return engine.openSession();
  }
}
