import type { GrpcService, ReflectSettings, ServiceOptions, ServiceTypesOf } from '@drumline/drivers/grpc';
import { optionKeys, requireKnownKeys } from '@drumline/model';
import {
  declareFiles,
  declareServer,
  declareService,
  type DeclaredService,
} from '../runtime/grpc-declarations.js';
import type { SchemaSource } from '../runtime/grpc-sources.js';
import { requireGrpc } from '../runtime/runtime.js';

/** Options of `grpc.load`. */
export interface LoadSchemaOptions {
  /**
   * More directories to search for imports of .proto files, relative to the scenario file.
   * Default: none.
   */
  readonly includeDirs?: readonly string[];
}

const LOAD_SCHEMA_KEYS = optionKeys<LoadSchemaOptions>({ includeDirs: true });

/** A schema from which services are made. */
export interface GrpcSource {
  /**
   * Declares a service that all users can call. Each call uses the channels and tags of the user
   * that makes it. Call this at the top level of the scenario. An unknown service or invalid option
   * is reported before the run starts.
   *
   * @param name full name of the service, such as `bank.Accounts`
   * @throws Error if it is called inside a task
   */
  service<Name extends string>(name: Name, options?: ServiceOptions): GrpcService<ServiceTypesOf<Name>>;
}

/**
 * gRPC services from .proto files, protosets or server reflection.
 *
 * @example
 * ```ts
 * const bank = grpc.load('accounts.proto');
 * const accounts = bank.service('bank.Accounts', { target: 'localhost:50051' });
 * // in a task:
 * const reply = await accounts.call('Get', { id: 7 });
 * ```
 */
export const grpc = {
  /**
   * Loads .proto files, including their imports, or protosets. The files are read on the machine
   * that starts the run and sent to the workers. Call this at the top level of the scenario.
   *
   * @param paths one or more files, relative to the scenario file
   * @throws TypeError if an option is unknown
   * @throws Error if it is called inside a task
   */
  load(paths: string | readonly string[], options: LoadSchemaOptions = {}): GrpcSource {
    requireKnownKeys(options, LOAD_SCHEMA_KEYS, 'grpc.load');
    const { includeDirs = [] } = options;
    return new DeclaredSource(declareFiles([paths].flat(), includeDirs));
  },

  /**
   * Loads the schema from a server by reflection. The server is queried once, from the machine that
   * starts the run. Call this at the top level of the scenario.
   *
   * @param target address of the server, such as `localhost:50051`, or a URL
   * @param options TLS, metadata and timeout of the query
   * @throws Error if it is called inside a task
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

/** The service in the scenario file. Each call is forwarded to the client of the current user. */
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
