import type { FastifyInstance } from 'fastify';
import { apiProblem, runView, statsView, statusView, timelineView, workersView } from '@drumline/wire';
import type { ControlPlane, RunPlane } from '../../service/control-plane.js';
import { runOf, runParams, runPath } from './run-route.js';

/**
 * The full schema is in docs/schema/result-1.json. It is not compiled here, because that would slow
 * the start of the master.
 */
const resultBody = {
  type: 'object',
  additionalProperties: true,
  description: 'drumline.result/1, see docs/reference/result.md',
} as const;

/** Adds the routes that read a run. */
export function addViews(app: FastifyInstance, control: ControlPlane): void {
  const view = (name: string, summary: string, body: object, read: (run: RunPlane) => unknown): void => {
    const schema = { summary, params: runParams, response: { 200: body, 404: apiProblem, 409: apiProblem } };
    app.get(runPath(name), { schema }, (request) => read(runOf(control, request)));
  };

  view('', 'A run, as in the list of runs', runView, (run) => run.view());
  view('status', 'State of the run', statusView, (run) => run.status());
  view('workers', 'Workers of the run and their lanes', workersView, async (run) => ({
    workers: await run.workers(),
  }));
  view('stats', 'Statistics so far, in total and per series', statsView, (run) => run.stats());
  view('result', 'The result of the run, once it has ended', resultBody, (run) => run.result());
  app.get<{ Querystring: { from: number } }>(
    runPath('timeline'),
    {
      schema: {
        summary: 'Timeline with one point per second, on the clock of the master',
        params: runParams,
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
        response: { 200: timelineView, 404: apiProblem, 409: apiProblem },
      },
      validatorCompiler: ({ httpPart }) => (httpPart === 'querystring' ? readFrom : (value) => ({ value })),
    },
    (request) => runOf(control, request).timeline(request.query.from),
  );
}

/** Query values are text, and type coercion is off. So this validator converts the number. */
function readFrom({ from = '0' }: { from?: unknown }): { value: { from: number } } | { error: Error } {
  if (typeof from === 'string' && /^\d{1,9}$/.test(from)) return { value: { from: Number(from) } };
  return { error: new Error('from must be a whole number of seconds') };
}
