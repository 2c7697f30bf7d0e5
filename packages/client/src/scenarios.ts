import type { RunView, ScenarioStart, ScenarioUpload, ScenarioView } from '@drumline/wire/views';
import type { HttpApi } from './http-api.js';

/** The master executes the code of the scenario, and may read large data files. */
const TIMEOUT_MS = 150_000;

export async function readScenario(http: HttpApi, source: string | ScenarioUpload): Promise<ScenarioView> {
  const [method, path, body] =
    typeof source === 'string'
      ? (['GET', `/v1/scenarios/${encodeURIComponent(source)}`, undefined] as const)
      : (['POST', '/v1/scenarios/inspect', source] as const);
  return await http.request(method, path, body, {}, TIMEOUT_MS);
}

export async function startScenario(http: HttpApi, start: ScenarioStart, key: string): Promise<RunView> {
  return await http.request('POST', '/v1/scenarios/start', start, { 'idempotency-key': key }, TIMEOUT_MS);
}
