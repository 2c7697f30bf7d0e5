import swagger from '@fastify/swagger';
import { fastify, type FastifyInstance, type FastifyServerFactory } from 'fastify';
import type { EventStreams } from './events.js';
import { refuseStrangers, type Admission } from './guard.js';
import { answerUnreadable } from './http-server.js';
import { answerProblems } from './problems.js';
import { addOrders } from './orders.js';
import type { Refuse } from './refuse.js';
import type { RunControl } from './run-control.js';
import { addViews } from './views.js';

/** No order is longer than a few dozen bytes. */
const BODY_LIMIT_BYTES = 4 * 1024;

interface Surroundings {
  readonly admission: Admission;
  readonly refuse: Refuse;
  readonly streams: EventStreams;
  readonly serverFactory: FastifyServerFactory;
}

/** The control API as an application that does not listen yet. */
export async function createApp(
  control: RunControl,
  { admission, refuse, streams, serverFactory }: Surroundings,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    serverFactory,
    clientErrorHandler: answerUnreadable,
    bodyLimit: BODY_LIMIT_BYTES,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.removeContentTypeParser('text/plain');
  refuseStrangers(app, admission, refuse);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drumline control API',
        description: 'What a running master shows, and what it can be told.',
        version: '1',
      },
    },
  });

  const paths: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') paths.push(`${String(method)} ${url}`);
  });
  addViews(app, control);
  addOrders(app, control);
  streams.addTo(app);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/', { schema: { hide: true } }, () => ({ name: 'drumline', openapi: '/openapi.json', paths }));
  answerProblems(app, paths);
  return app;
}
