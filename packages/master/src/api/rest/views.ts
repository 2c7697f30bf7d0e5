import type { FastifyInstance } from 'fastify';
import { apiProblem, statsView, statusView, timelineView, workersView } from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';

/**
 * The full schema is in docs/schema/result-1.json. It is not compiled here, because that would slow
 * the start of the master.
 */
const resultBody = {
  type: 'object',
  additionalProperties: true,
  description: 'drumline.result/1, see docs/reference/result.md',
} as const;

/** Adds the routes that read the run. */
export function addViews(app: FastifyInstance, control: ControlPlane): void {
  app.get('/v1/status', { schema: { summary: 'State of the run', response: { 200: statusView } } }, () =>
    control.status(),
  );
  app.get(
    '/v1/workers',
    { schema: { summary: 'Workers and their lanes', response: { 200: workersView } } },
    () => ({ workers: control.workers() }),
  );
  app.get(
    '/v1/stats',
    { schema: { summary: 'Statistics so far, in total and per series', response: { 200: statsView } } },
    () => control.stats(),
  );
  app.get(
    '/v1/result',
    {
      schema: {
        summary: 'The result of the run, once it has ended',
        response: { 200: resultBody, 409: apiProblem },
      },
    },
    () => control.result(),
  );
  app.get<{ Querystring: { from: number } }>(
    '/v1/timeline',
    {
      schema: {
        summary: 'Timeline with one point per second, on the clock of the master',
        querystring: {
          type: 'object',
          properties: {
            from: {
              type: 'integer',
              minimum: 0,
              maximum: 999_999_999,
              default: 0,
              description: 'first second to return, counted from the start of the run',
            },
          },
        },
        response: { 200: timelineView },
      },
      validatorCompiler: () => readFrom,
    },
    ({ query }) => control.timeline(query.from),
  );
}

/** Query values are text, and type coercion is off. So this validator converts the number. */
function readFrom({ from = '0' }: { from?: unknown }): { value: { from: number } } | { error: Error } {
  if (typeof from === 'string' && /^\d{1,9}$/.test(from)) return { value: { from: Number(from) } };
  return { error: new Error('from must be a whole number of seconds') };
}
