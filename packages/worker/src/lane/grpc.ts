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

import { CallersAlike, CallersByContext, type GrpcCallers } from './grpc-callers.js';

type GrpcLibrary = typeof import('@drumline/drivers/grpc');

/**
 * The gRPC state that the users of a lane share. A service is declared once per scenario and called
 * by every user.
 */
export class LaneGrpc {
  /** Tracks which user makes a call. */
  callers: GrpcCallers;
  private readonly specs: ReadonlyMap<DeclaredService, ServiceSpec>;

  private constructor(
    private readonly drivers: GrpcLibrary,
    openShared: (() => GrpcClient) | undefined,
  ) {
    this.specs = readSpecs(drivers);
    const alike = openShared !== undefined && shareChannels(this.specs.values());
    this.callers = alike ? new CallersAlike(openShared) : new CallersByContext();
    installGrpc((service) => this.serviceFor(service));
  }

  /**
   * @param openShared opens a client for all users of the lane, if they are of one type
   * @returns undefined for a scenario without services, which then costs nothing
   * @throws Error if a schema is missing in the bundle
   */
  static async open(openShared: (() => GrpcClient) | undefined): Promise<LaneGrpc | undefined> {
    if (declarations.services.length === 0) return undefined;
    return new LaneGrpc(await import('@drumline/drivers/grpc'), openShared);
  }

  /** @throws TypeError or RangeError if the options of a service cannot be used */
  async openDriver(options: Omit<GrpcDriverOptions, 'services'>): Promise<GrpcDriver> {
    return await this.drivers.GrpcDriver.open({ ...options, services: [...this.specs.values()] });
  }

  /** From now on, the users of a type differ in how their calls are counted. */
  tellUsersApart(): void {
    if (this.callers instanceof CallersAlike) this.callers = new CallersByContext();
  }

  private serviceFor(service: DeclaredService): GrpcService {
    const { client } = this.callers;
    if (client) return client.of(this.specs.get(service)!);
    throw new Error(
      `${service.name} was called outside of a user, for example in a worker hook. ` +
        'Call it in tasks, onStart, onStop, setup or teardown.',
    );
  }
}

/** Whether no service has a channel for each user. */
function shareChannels(specs: Iterable<ServiceSpec>): boolean {
  return [...specs].every(({ options }) => options?.channels !== 'user');
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
