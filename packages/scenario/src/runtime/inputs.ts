import type { Artifact, LocalArtifact, ParameterValue, Secrets, Table } from '@drumline/model';
import { artifactPath, findArtifact } from '../artifacts/cache.js';
import { installEnvironment } from './environment.js';
import { installParameters } from './parameters.js';
import { installSecrets } from './secrets.js';
import { installTables } from './tables/open-tables.js';

/** What a scenario reads from outside, as its plan holds it. */
export interface ScenarioInputs {
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  /** Their files must be in the cache of this machine. */
  readonly tables?: readonly Table[] | undefined;
}

/** Sets what the scenario's top-level code may read. Call it before the bundle is loaded. */
export function installInputs(
  { environment, parameters, tables = [] }: ScenarioInputs,
  secrets: Secrets,
): void {
  installSecrets(secrets);
  installEnvironment(environment);
  installParameters(parameters);
  installTables(tables.map(locate));
}

function locate(table: Table): Table<LocalArtifact> {
  const { data, index, contents } = table;
  return {
    ...table,
    data: locateFile(data),
    index: locateFile(index),
    contents: contents && locateFile(contents),
  };
}

function locateFile(artifact: Artifact): LocalArtifact {
  return { ...artifact, path: findArtifact(artifact) ?? artifactPath(artifact.id) };
}
