import {
  emptyRequest,
  runView,
  scenarioRequest,
  scenariosView,
  scenarioUpload,
  scenarioView,
  startScenarioRequest,
  type ScenarioStart,
  type ScenarioUpload,
} from '@drumline/wire';
import type { Operation } from './operations.js';

/** The calls that list, read and start scenarios on the machine of the master. */
export const SCENARIOS: readonly Operation[] = [
  {
    name: 'ListScenarios',
    summary: 'Scenarios of the directory of the master',
    rest: 'GET /v1/scenarios',
    request: ['ListScenariosRequest', emptyRequest],
    response: ['Scenarios', scenariosView],
    call: (control) => control.scenarios.list(),
  },
  {
    name: 'GetScenario',
    summary: 'Parameters, user types and load of a scenario',
    rest: 'GET /v1/scenarios/{path}',
    request: ['GetScenarioRequest', scenarioRequest],
    response: ['Scenario', scenarioView],
    call: (control, { path }: { path: string }) => control.scenarios.describe(path),
  },
  {
    name: 'InspectScenario',
    summary: 'Parameters, user types and load of a scenario that is uploaded',
    rest: 'POST /v1/scenarios/inspect',
    request: ['InspectScenarioRequest', scenarioUpload],
    response: ['Scenario', scenarioView],
    call: (control, upload: ScenarioUpload) => control.scenarios.inspect(upload),
  },
  {
    name: 'StartScenario',
    summary: 'Plan, bundle and submit a run of a scenario',
    rest: 'POST /v1/scenarios/start',
    request: ['StartScenarioRequest', startScenarioRequest],
    response: ['Run', runView],
    call: (control, { idempotencyKey, ...start }: ScenarioStart & { idempotencyKey?: string }) =>
      control.scenarios.start(start, idempotencyKey),
  },
];
