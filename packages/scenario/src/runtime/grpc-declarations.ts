import { sourceKey, type SchemaSource } from './grpc-sources.js';

/** A service that the scenario wants to call. */
export interface DeclaredService {
  readonly source: SchemaSource;
  readonly name: string;
  /** As the scenario gives them, looked at by nobody yet. */
  readonly options: object;
}

const sources = new Map<string, SchemaSource>();
const services: DeclaredService[] = [];
let open = false;

/** What the scenario has said of gRPC at its top level. Nothing of gRPC needs to be loaded for a scenario that says nothing. */
export const declarations = {
  sources: sources as ReadonlyMap<string, SchemaSource>,
  services: services as readonly DeclaredService[],
};

/** @throws Error once the scenario has been loaded: who reads the schemas has to know of all of them */
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

/** A scenario's top level is about to be run. */
export function openDeclarations(): void {
  sources.clear();
  services.length = 0;
  open = true;
}

/** It has been run. */
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
    throw new Error('grpc.load, grpc.reflect and service() belong to the top level of the scenario.');
}
