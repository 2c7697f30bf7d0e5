import { fastify, type FastifyInstance, type RouteOptions } from 'fastify';
import { API_ERRORS } from '@drumline/model';
import { apiProblem } from '@drumline/wire';
import { nameSchemas } from './openapi-schemas.js';

/** Errors that any route can return: their HTTP statuses, and what they mean. */
const PROBLEMS = new Map<number, string>();
for (const [name, { status, meaning }] of Object.entries(API_ERRORS)) {
  const before = PROBLEMS.has(status) ? `${PROBLEMS.get(status)}; ` : '';
  PROBLEMS.set(status, `${before}\`${name}\`: ${meaning}`);
}
/** Only some routes return these, and say so. */
const BY_ROUTE: readonly number[] = [API_ERRORS['request-invalid'].status, API_ERRORS.overloaded.status];

function describeProblems({ schema }: RouteOptions): void {
  const { response } = schema as { response: Record<number, object> };
  for (const [status, description] of PROBLEMS)
    if (response[status] !== undefined || !BY_ROUTE.includes(status))
      response[status] = { ...apiProblem, description };
}

/** Names an operation for generated clients: `GET /v1/runs/:id/status` is `getRunStatus`. */
function operationId(method: string, url: string): string {
  const parts = url
    .replace('/v1/', '')
    .replace(/^(run|artifact)s\/:\w+/, '$1')
    .replace('.:', '/')
    .split(/[/:-]+/);
  const words = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  return method.toLowerCase() + words.join('').replace('ReportFormat', 'Report');
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
        description: 'Shows and controls the runs of a master.',
        version: '1',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      // On loopback, no token is needed.
      security: [{ token: [] }, {}],
    },
  });
  // Copy: the serving application uses the same schema objects.
  app.addHook('onRoute', (route) => {
    const { method, url, schema } = route;
    const response = { ...(schema?.response as object) };
    route.schema = { operationId: operationId(String(method), url), ...schema, response };
    describeProblems(route);
  });
  addRoutes(app);
  await app.ready();
  return nameSchemas(app.swagger());
}
