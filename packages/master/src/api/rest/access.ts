import type { FastifyInstance } from 'fastify';
import { accessView } from '@drumline/wire';
import { roleOfRequest } from './guard.js';

/** Adds the route that says what a request may do, so that a page shows only that. */
export function addAccess(app: FastifyInstance): void {
  app.get(
    '/v1/access',
    { schema: { summary: 'What the token of this request allows', response: { 200: accessView } } },
    (request) => ({ role: roleOfRequest(request) }),
  );
}
