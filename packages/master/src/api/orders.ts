import type { FastifyInstance } from 'fastify';
import { apiProblem, orderReply, usersOrder, type OrderReply, type UsersOrder } from '@drumline/wire';
import type { RunControl } from './run-control.js';

const response = { 200: orderReply, 400: apiProblem, 409: apiProblem };

/** What a run can be told. An order that the run's state does not allow is answered with 409. */
export function addOrders(app: FastifyInstance, control: RunControl): void {
  const obey = (message: string): OrderReply => ({ state: control.status().state, message });
  const order = (path: string, summary: string, act: () => string): void => {
    app.post(path, { schema: { summary, response } }, () => obey(act()));
  };

  order('/v1/start', 'Start a run that waits for it', () => control.start());
  order('/v1/stop', 'Stop gracefully: running tasks finish, every number is collected', () => control.stop());
  order('/v1/pause', 'Let users finish their task and wait', () => control.pause());
  order('/v1/resume', 'Go on after a pause', () => control.resume());
  order('/v1/reset', 'Forget the numbers up to now', () => control.reset());
  app.post<{ Body: UsersOrder }>(
    '/v1/users',
    { schema: { summary: 'Change the number of users', body: usersOrder, response } },
    ({ body }) => obey(control.setUsers(body.users, body.spawnRate)),
  );
}
