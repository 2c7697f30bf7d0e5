import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  annotationOrder,
  annotationView,
  apiProblem,
  orderReply,
  rateOrder,
  usersOrder,
  type AnnotationOrder,
  type OrderReply,
  type RateOrder,
  type UsersOrder,
} from '@drumline/wire';
import type { ControlPlane, RunPlane } from '../../service/control-plane.js';
import { runOf, runParams, runPath } from './run-route.js';

const response = { 200: orderReply, 400: apiProblem, 404: apiProblem, 409: apiProblem };

/**
 * Adds the routes that control a run. An order that the state of the run does not allow returns
 * 409.
 */
export function addOrders(app: FastifyInstance, control: ControlPlane): void {
  const obey = (request: FastifyRequest, act: (run: RunPlane) => string): OrderReply => {
    const run = runOf(control, request);
    const message = act(run);
    return { state: run.view().state, message };
  };
  const order = (name: string, summary: string, act: (run: RunPlane) => string): void => {
    const schema = { summary, params: runParams, response };
    app.post(runPath(name), { schema }, (request) => obey(request, act));
  };

  order('start', 'Start a run that waits to be started', (run) => run.start());
  order('stop', 'Stop gracefully: running tasks finish and all results are collected', (run) => run.stop());
  order('cancel', 'End at once: what workers have not reported is not counted', (run) => run.cancel());
  order('pause', 'Pause: users finish their task, then wait', (run) => run.pause());
  order('resume', 'Resume a paused run', (run) => run.resume());
  order('reset', 'Discard the statistics so far', (run) => run.reset());
  app.post<{ Body: AnnotationOrder }>(
    runPath('annotations'),
    {
      schema: {
        summary: 'Add a remark at an instant of the run',
        params: runParams,
        body: annotationOrder,
        response: { ...response, 200: annotationView },
      },
    },
    (request) => runOf(control, request).annotate(request.body),
  );
  app.post<{ Body: UsersOrder }>(
    runPath('users'),
    { schema: { summary: 'Change the number of users', params: runParams, body: usersOrder, response } },
    (request) => {
      const { users, spawnRate, user } = request.body;
      return obey(request, (run) => run.setUsers({ users, perSecond: spawnRate, user }));
    },
  );
  app.post<{ Body: RateOrder }>(
    runPath('rate'),
    {
      schema: {
        summary: 'Change the rate of arrivals or iterations',
        params: runParams,
        body: rateOrder,
        response,
      },
    },
    (request) => {
      const { perSecond, overMs = 0, user } = request.body;
      return obey(request, (run) => run.setRate({ perSecond, overMs, user }));
    },
  );
}
