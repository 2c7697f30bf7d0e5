import type { FastifyInstance } from 'fastify';
import { apiProblem, clusterWorkersView, healthView, runsPage, type RunsQuery } from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { readQuery, type QuerySchema } from './query.js';

const RUNS: QuerySchema = {
  type: 'object',
  properties: {
    state: {
      type: 'string',
      description: 'only runs in one of these states, separated by commas; `active`: all that have not ended',
    },
    label: { type: 'string', description: 'only runs with all of these labels: branch=main,team=pay' },
    limit: { type: 'integer', minimum: 1, maximum: 1_000, description: 'runs of a page; default 100' },
    after: { type: 'string', description: '`next` of the page before' },
  },
};

interface GivenQuery {
  readonly state?: string;
  readonly label?: string;
  readonly limit?: number;
  readonly after?: string;
}

function runsQuery({ state, label, limit, after }: GivenQuery): RunsQuery {
  const labels = label?.split(',').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });
  return {
    ...(state !== undefined && { state: state.split(',') }),
    ...(labels && { labels: Object.fromEntries(labels) as Record<string, string> }),
    ...(limit !== undefined && { limit }),
    ...(after !== undefined && { after }),
  };
}

/** Adds the routes that read the master and its list of runs. */
export function addMasterViews(app: FastifyInstance, control: ControlPlane): void {
  app.get('/v1/health', { schema: { summary: 'State of the master', response: { 200: healthView } } }, () =>
    control.health(),
  );
  app.get(
    '/v1/workers',
    { schema: { summary: 'Workers of the cluster and their lanes', response: { 200: clusterWorkersView } } },
    () => ({ workers: control.workers() }),
  );
  app.get<{ Querystring: GivenQuery }>(
    '/v1/runs',
    {
      schema: {
        summary: 'Runs, the newest first, in pages',
        querystring: RUNS,
        response: { 200: runsPage, 400: apiProblem },
      },
      validatorCompiler: readQuery,
    },
    ({ query }) => control.runs(runsQuery(query)),
  );
}
