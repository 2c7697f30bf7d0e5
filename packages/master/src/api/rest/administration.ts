import type { FastifyInstance } from 'fastify';
import { apiProblem, messageReply } from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { runParams, runPath } from './run-route.js';

const response = { 200: messageReply, 400: apiProblem, 404: apiProblem, 409: apiProblem };

/** Adds the routes that need the right to administration. */
export function addAdministration(app: FastifyInstance, control: ControlPlane): void {
  const workerParams = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 200, description: 'name or id of the worker' },
    },
  } as const;
  app.post<{ Params: { name: string } }>(
    '/v1/workers/:name/drain',
    {
      schema: {
        summary: 'Let a worker leave: its users move to other workers, and its process ends',
        params: workerParams,
        response,
      },
    },
    ({ params }) => ({ message: control.drain(params.name) }),
  );
  app.delete<{ Params: { id: string } }>(
    runPath(''),
    { schema: { summary: 'Delete a run that has ended, with its result', params: runParams, response } },
    async ({ params }) => ({ message: await control.delete(params.id) }),
  );
}
