import { sourceKey, type SchemaSource } from './grpc-sources.js';

/** A service that the scenario declares. */
export interface DeclaredService {
  readonly source: SchemaSource;
  readonly name: string;
  /** The options as passed by the scenario, not yet validated. */
  readonly options: object;
}

const sources = new Map<string, SchemaSource>();
const services: DeclaredService[] = [];
let open = false;

/** Everything the scenario declares about gRPC. Without declarations, no gRPC code is loaded. */
export const declarations = {
  sources: sources as ReadonlyMap<string, SchemaSource>,
  services: services as readonly DeclaredService[],
};

/** @throws Error after the scenario has been loaded, because all schemas are read at that time */
export function declareFiles(paths: readonly string[], includeDirs: readonly string[]): SchemaSource {
  return declareSource({ kind: 'files', paths, includeDirs });
}

/** @throws Error once the scenario has been loaded */
export function declareServer(target: string, options: object): SchemaSource {
  const known = [...sources.values()].filter(({ kind }) => kind === 'server');
  return declareSource({ kind: 'server', ordinal: known.length + 1, target, options });
}

/** @throws Error once the scenario has been loaded */
export function declareService(service: DeclaredService): DeclaredService {
  requireTopLevel();
  services.push(service);
  return service;
}

/** Starts accepting declarations. Call it before the scenario's top-level code runs. */
export function openDeclarations(): void {
  sources.clear();
  services.length = 0;
  open = true;
}

/** Stops accepting declarations. */
export function closeDeclarations(): void {
  open = false;
}

function declareSource(source: SchemaSource): SchemaSource {
  requireTopLevel();
  sources.set(sourceKey(source), source);
  return source;
}

function requireTopLevel(): void {
  if (!open)
    throw new Error('grpc.load, grpc.reflect and service() must be called at the top level of the scenario.');
}
