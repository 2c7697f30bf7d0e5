import type { FastifyInstance } from 'fastify';
import {
  apiProblem,
  orderReply,
  rateOrder,
  usersOrder,
  type OrderReply,
  type RateOrder,
  type UsersOrder,
} from '@drumline/wire';
import { shownState, type ControlPlane } from '../../service/control-plane.js';

const response = { 200: orderReply, 400: apiProblem, 409: apiProblem };

/**
 * Adds the routes that control the run. An order that the state of the run does not allow returns
 * 409.
 */
export function addOrders(app: FastifyInstance, control: ControlPlane): void {
  const reply = (message: string): OrderReply => ({ state: shownState(control.status()), message });
  const order = (path: string, summary: string, act: () => string): void => {
    app.post(path, { schema: { summary, response } }, () => reply(act()));
  };

  order('/v1/start', 'Start a run that waits to be started', () => control.start());
  order('/v1/stop', 'Stop gracefully: running tasks finish and all results are collected', () =>
    control.stop(),
  );
  order('/v1/pause', 'Pause: users finish their task, then wait', () => control.pause());
  order('/v1/resume', 'Resume a paused run', () => control.resume());
  order('/v1/reset', 'Discard the statistics so far', () => control.reset());
  app.post<{ Body: UsersOrder }>(
    '/v1/users',
    { schema: { summary: 'Change the number of users', body: usersOrder, response } },
    ({ body: { users, spawnRate, user } }) => reply(control.setUsers({ users, perSecond: spawnRate, user })),
  );
  app.post<{ Body: RateOrder }>(
    '/v1/rate',
    { schema: { summary: 'Change the rate of arrivals or iterations', body: rateOrder, response } },
    ({ body: { perSecond, overMs = 0, user } }) => reply(control.setRate({ perSecond, overMs, user })),
  );
}
