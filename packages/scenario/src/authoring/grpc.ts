import type { GrpcService, ReflectSettings, ServiceOptions, ServiceTypesOf } from '@drumline/drivers/grpc';
import { requireKnownKeys } from '@drumline/model';
import {
  declareFiles,
  declareServer,
  declareService,
  type DeclaredService,
} from '../runtime/grpc-declarations.js';
import type { SchemaSource } from '../runtime/grpc-sources.js';
import { LOAD_SCHEMA_KEYS } from './option-keys.js';
import { requireGrpc } from '../runtime/runtime.js';

export interface LoadSchemaOptions {
  /** Folders in which imports are looked for too, relative to the scenario's file. */
  readonly includeDirs?: readonly string[];
}

/** What is known of some servers, to make services of. */
export interface GrpcSource {
  /**
   * A service for the whole file: each call is made for the user whose code makes it, over that user's part of the channels.
   * Belongs to the top level of the scenario. What is wrong with name or options is told before the run.
   * @param name `bank.Accounts`
   */
  service<Name extends string>(name: Name, options?: ServiceOptions): GrpcService<ServiceTypesOf<Name>>;
}

/** gRPC: `const accounts = grpc.load('accounts.proto').service('bank.Accounts');`, and in a task `await accounts.call('Get', { id: 7 })`. */
export const grpc = {
  /**
   * Services of .proto files, with all that they import, or of protosets. They are read where the scenario is started, and
   * travel to the workers with it. Belongs to the top level of the scenario.
   * @param paths relative to the scenario's file
   */
  load(paths: string | readonly string[], options: LoadSchemaOptions = {}): GrpcSource {
    requireKnownKeys(options, LOAD_SCHEMA_KEYS, 'grpc.load');
    const { includeDirs = [] } = options;
    return new DeclaredSource(declareFiles([paths].flat(), includeDirs));
  },

  /**
   * Services that a server describes itself (reflection). It is asked once, where the scenario is started. Belongs to the top level of the scenario.
   * @param target `localhost:50051`, or an URL
   */
  reflect(target: string, options: ReflectSettings = {}): Promise<GrpcSource> {
    return Promise.resolve(new DeclaredSource(declareServer(target, options)));
  },
};

class DeclaredSource implements GrpcSource {
  constructor(private readonly source: SchemaSource) {}

  service<Name extends string>(name: Name, options: ServiceOptions = {}): GrpcService<ServiceTypesOf<Name>> {
    const handle: GrpcService = new ServiceHandle(declareService({ source: this.source, name, options }));
    return handle as GrpcService<ServiceTypesOf<Name>>;
  }
}

/** A service as the scenario's file holds it: whose call it is shows when it is made. */
class ServiceHandle implements GrpcService {
  constructor(private readonly declared: DeclaredService) {}

  private get mine(): GrpcService {
    return requireGrpc()(this.declared);
  }

  call: GrpcService['call'] = (method, message, options) => this.mine.call(method, message, options);
  stream: GrpcService['stream'] = (method, message, options) => this.mine.stream(method, message, options);
  send: GrpcService['send'] = (method, messages, options) => this.mine.send(method, messages, options);
  open: GrpcService['open'] = (method, options) => this.mine.open(method, options);
  batches: GrpcService['batches'] = (method, items, options) => this.mine.batches(method, items, options);
  encoded: GrpcService['encoded'] = (method, message) => this.mine.encoded(method, message);
  health: GrpcService['health'] = (service, options) => this.mine.health(service, options);
}
