import type { FastifyInstance } from 'fastify';
import {
  apiProblem,
  MAX_SCENARIO_CHARS,
  runView,
  scenarioStart,
  scenariosView,
  scenarioUpload,
  scenarioView,
  type ScenarioStart,
  type ScenarioUpload,
} from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { idempotencyHeaders } from './idempotency.js';

/** An uploaded scenario, in UTF-8 and as JSON, with parameters and options. */
const BODY_BYTES = 4 * MAX_SCENARIO_CHARS;
const problems = { 400: apiProblem, 404: apiProblem, 409: apiProblem, 503: apiProblem };

/** Adds the routes that list, read and start scenarios on this machine. */
export function addScenarios(app: FastifyInstance, control: ControlPlane): void {
  app.get(
    '/v1/scenarios',
    {
      schema: {
        summary: 'Scenarios of the directory of the master',
        response: { 200: scenariosView, 409: apiProblem },
      },
    },
    () => control.scenarios.list(),
  );
  app.get<{ Params: { path: string } }>(
    '/v1/scenarios/:path',
    {
      schema: {
        summary: 'Parameters, user types and load of a scenario',
        params: {
          type: 'object',
          properties: {
            path: { type: 'string', maxLength: 500, description: 'its path in the list, URL-encoded' },
          },
        },
        response: { 200: scenarioView, ...problems },
      },
    },
    ({ params }) => control.scenarios.describe(params.path),
  );
  app.post<{ Body: ScenarioUpload }>(
    '/v1/scenarios/inspect',
    {
      bodyLimit: BODY_BYTES,
      schema: {
        summary: 'Parameters, user types and load of a scenario that is uploaded',
        body: scenarioUpload,
        response: { 200: scenarioView, ...problems },
      },
    },
    ({ body }) => control.scenarios.inspect(body),
  );
  app.post<{ Body: ScenarioStart; Headers: { 'idempotency-key'?: string } }>(
    '/v1/scenarios/start',
    {
      bodyLimit: BODY_BYTES,
      schema: {
        summary: 'Plan, bundle and submit a run of a scenario',
        headers: idempotencyHeaders,
        body: scenarioStart,
        response: { 201: runView, ...problems, 429: apiProblem },
      },
    },
    async ({ body, headers }, reply) =>
      await reply.code(201).send(await control.scenarios.start(body, headers['idempotency-key'])),
  );
}
