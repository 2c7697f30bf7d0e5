import type { ParameterValue, Secrets } from '@drumline/model';
import { installEnvironment } from './environment.js';
import { installParameters } from './parameters.js';
import { installSecrets } from './secrets.js';

/** What a scenario reads from outside, as its plan holds it. */
export interface ScenarioInputs {
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
}

/** Sets what the scenario's top-level code may read. Call it before the bundle is loaded. */
export function installInputs({ environment, parameters }: ScenarioInputs, secrets: Secrets): void {
  installSecrets(secrets);
  installEnvironment(environment);
  installParameters(parameters);
}
