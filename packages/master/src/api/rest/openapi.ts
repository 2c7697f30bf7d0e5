import { fastify, type FastifyInstance, type RouteOptions } from 'fastify';
import { apiProblem } from '@drumline/wire';

/** Errors that any route can return. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'the request is invalid',
  401: 'the token is missing or wrong',
  403: 'the request is cross-origin, or its Host header does not name this API',
  404: 'the path does not exist',
  405: 'the path does not support this method; the header `Allow` lists those it does',
  408: 'the request was not complete in time',
  413: 'the body is too large',
  415: 'the body is not JSON',
  431: 'the request headers are too long',
  500: 'an internal error, which is a bug in Drumline',
};

function describeProblems({ schema }: RouteOptions): void {
  const { response } = schema as { response: Record<number, object> };
  for (const [code, description] of Object.entries(PROBLEMS)) {
    response[Number(code)] ??= { ...apiProblem, description };
  }
}

/**
 * Describes the routes that a function adds, as OpenAPI 3.1. Creates a separate application on
 * demand, so that a master does not load Swagger when it starts.
 */
export async function describeRoutes(addRoutes: (app: FastifyInstance) => void): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = fastify();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drumline control API',
        description: 'Shows and controls the run of a master.',
        version: '1',
      },
    },
  });
  // Copy: the serving application uses the same schema objects.
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, response: { ...(route.schema?.response as object) } };
    describeProblems(route);
  });
  addRoutes(app);
  await app.ready();
  return app.swagger();
}
