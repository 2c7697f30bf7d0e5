import { fastify, type FastifyInstance } from 'fastify';

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
  addRoutes(app);
  await app.ready();
  return app.swagger();
}
