import { AsyncLocalStorage } from 'node:async_hooks';
import type {
  GrpcClient,
  GrpcDriver,
  GrpcDriverOptions,
  GrpcSchema,
  GrpcService,
  ServiceSpec,
} from '@drumline/drivers/grpc';
import {
  declarations,
  installGrpc,
  requireBundledSchema,
  sourceKey,
  type DeclaredService,
  type SchemaSource,
} from '@drumline/scenario/runtime';

type GrpcLibrary = typeof import('@drumline/drivers/grpc');

/** Someone whose code calls services. */
interface GrpcUser {
  /** Opened with the first call. */
  grpcClient(): GrpcClient;
}

/**
 * What the users of a lane share of gRPC. A service is declared once for the scenario's file and called by every user; whose call
 * it is follows from the asynchronous context that the user's life runs in.
 */
export class LaneGrpc {
  private readonly users = new AsyncLocalStorage<GrpcUser>();
  private readonly specs: ReadonlyMap<DeclaredService, ServiceSpec>;

  private constructor(private readonly drivers: GrpcLibrary) {
    this.specs = readSpecs(drivers);
    installGrpc((service) => this.serviceFor(service));
  }

  /**
   * @returns undefined for a scenario without services, which pays for nothing of this
   * @throws Error if a schema did not come with the bundle
   */
  static async open(): Promise<LaneGrpc | undefined> {
    if (declarations.services.length === 0) return undefined;
    return new LaneGrpc(await import('@drumline/drivers/grpc'));
  }

  /** @throws TypeError or RangeError if the options of a service cannot be used */
  async openDriver(options: Omit<GrpcDriverOptions, 'services'>): Promise<GrpcDriver> {
    return await this.drivers.GrpcDriver.open({ ...options, services: [...this.specs.values()] });
  }

  /** Runs a user's code: what it calls, now and in all that follows from it, is that user's. */
  enter<T>(user: GrpcUser, code: () => T): T {
    return this.users.run(user, code);
  }

  private serviceFor(service: DeclaredService): GrpcService {
    const user = this.users.getStore();
    if (user) return user.grpcClient().of(this.specs.get(service)!);
    throw new Error(
      `${service.name} was called outside of any user, such as in a hook on the worker: whose call would it be? ` +
        'Call it in tasks, onStart, onStop, setup or teardown.',
    );
  }
}

function readSpecs({ schemaFromJson }: GrpcLibrary): Map<DeclaredService, ServiceSpec> {
  const schemas = new Map<string, GrpcSchema>();
  const schemaOf = (source: SchemaSource): GrpcSchema => {
    const key = sourceKey(source);
    const schema = schemas.get(key) ?? schemaFromJson(requireBundledSchema(source));
    schemas.set(key, schema);
    return schema;
  };
  return new Map(
    declarations.services.map((service) => {
      const { source, name, options } = service;
      return [service, { schema: schemaOf(source), service: name, options }];
    }),
  );
}
