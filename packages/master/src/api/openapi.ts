import { fastify, type FastifyInstance, type RouteOptions } from 'fastify';
import { apiProblem } from '@drumline/wire';

/** Answers that any route can give, before it is asked or instead of what it would say. */
const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'the request makes no sense',
  401: 'the token is missing or wrong',
  403: 'the request came from a page of another site, or to a name that is not this API’s',
  404: 'there is no such path',
  405: 'the path has other methods; the header `Allow` names them',
  408: 'the request did not come to its end in time',
  413: 'the body is too long',
  415: 'the body is not JSON',
  431: 'the head of the request is too long',
  500: 'a defect in Drumline',
};

function describeProblems({ schema }: RouteOptions): void {
  const { response } = schema as { response: Record<number, object> };
  for (const [code, description] of Object.entries(PROBLEMS)) {
    response[Number(code)] ??= { ...apiProblem, description };
  }
}

/**
 * Describes the routes that a function adds, as OpenAPI 3.1. Made of an application of its own when someone asks for it: every master
 * would otherwise load at its start what hardly any needs.
 */
export async function describeRoutes(addRoutes: (app: FastifyInstance) => void): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = fastify();
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
  // The schemas of the routes are shared with those that answer.
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, response: { ...(route.schema?.response as object) } };
    describeProblems(route);
  });
  addRoutes(app);
  await app.ready();
  return app.swagger();
}
