import { SeriesCatalogs } from '../../calls/series-catalog.js';
import type { StartDelay } from '../../calls/start-delay.js';
import { Tracer } from '../../calls/tracer.js';
import { Target } from '../../url/target.js';
import type { GrpcEngine, GrpcEngineOptions } from '../contract.js';
import type { CallSink } from './call.js';
import { GrpcClient, type GrpcLane } from './client.js';
import { LaneService } from './lane-service.js';
import { observedEngine, type CallObserver } from './observed.js';
import type { ServiceOptions, ServiceSpec } from './options.js';
import { engineOptions, type LaneDefaults } from './settings.js';

type MakeEngine = (options: GrpcEngineOptions) => GrpcEngine;
type EngineName = NonNullable<ServiceOptions['engine']>;

export interface GrpcDriverOptions extends LaneDefaults, CallSink {
  /**
   * Services that the scenario created. The code that their engines need is loaded before the first
   * call.
   */
  readonly services: readonly ServiceSpec[];
  /** For the `user-agent`. */
  readonly drumlineVersion?: string;
  /** Observes each call, for debugging. If it is absent, calls cost nothing more. */
  readonly onCall?: CallObserver;
}

/** The gRPC driver of one lane: creates a client for each user that needs one. */
export class GrpcDriver {
  readonly #options: GrpcDriverOptions;
  readonly #lane: GrpcLane;
  readonly #tracer: Tracer | undefined;
  readonly #makers: ReadonlyMap<EngineName, MakeEngine>;
  readonly #catalogs = new SeriesCatalogs('grpc', new Target(undefined));
  readonly #services = new Map<ServiceSpec, LaneService>();
  /** Engines by their options. Services with the same settings share one. */
  readonly #engines = new Map<string, GrpcEngine>();

  private constructor(options: GrpcDriverOptions, makers: ReadonlyMap<EngineName, MakeEngine>) {
    this.#options = options;
    this.#lane = { sink: options, laneService: (spec) => this.#laneService(spec) };
    this.#makers = makers;
    this.#tracer = Tracer.of(options.tracing);
  }

  static async open(options: GrpcDriverOptions): Promise<GrpcDriver> {
    const names = new Set(options.services.map(engineOf));
    const makers = await Promise.all([...names].map(async (name) => [name, await LOADERS[name]()] as const));
    return new GrpcDriver(options, new Map(makers));
  }

  /**
   * Creates a client for one user. `user` is the name of its type, and `tags` are added to all its
   * series.
   */
  openClient(owner: {
    readonly user: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly delay?: StartDelay;
  }): GrpcClient {
    return new GrpcClient(this.#lane, this.#catalogs.of(owner.user, owner.tags), owner.delay);
  }

  /** Closes the connections of every client; resolves when they are closed. */
  async close(): Promise<void> {
    await Promise.all([...this.#engines.values()].map((engine) => engine.close()));
  }

  #laneService(spec: ServiceSpec): LaneService {
    let service = this.#services.get(spec);
    if (service === undefined) {
      const { drumlineVersion } = this.#options;
      const userAgent = drumlineVersion === undefined ? 'Drumline' : `Drumline/${drumlineVersion}`;
      const { origin } = engineOptions(spec.options ?? {}, this.#options);
      service = new LaneService(spec, this.#engine(spec), origin, userAgent, this.#tracer);
      this.#services.set(spec, service);
    }
    return service;
  }

  #engine(spec: ServiceSpec): GrpcEngine {
    const name = engineOf(spec);
    const options = engineOptions(spec.options ?? {}, this.#options);
    const id = JSON.stringify([name, options]);
    let engine = this.#engines.get(id);
    if (engine === undefined) {
      const { now, onCall } = this.#options;
      engine = this.#maker(name)({ now, ...options });
      if (onCall !== undefined) engine = observedEngine(engine, onCall);
      this.#engines.set(id, engine);
    }
    return engine;
  }

  #maker(name: EngineName): MakeEngine {
    const make = this.#makers.get(name);
    if (make !== undefined) return make;
    throw new TypeError(
      `the engine '${name}' is not loaded: create the service at the top level of the scenario file`,
    );
  }
}

function engineOf({ options }: ServiceSpec): EngineName {
  return options?.engine ?? 'native';
}

const LOADERS: Record<EngineName, () => Promise<MakeEngine>> = {
  native: async () => (await import('../native/engine.js')).createNativeGrpcEngine,
  'grpc-js': async () => (await import('../grpcjs/engine.js')).createGrpcJsEngine,
};
