import type { FastifyInstance } from 'fastify';
import {
  apiProblem,
  clusterWorkersView,
  comparisonView,
  healthView,
  runsPage,
  type CompareQuery,
  type RunsQuery,
} from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { readQuery, type QuerySchema } from './query.js';

const RUNS: QuerySchema = {
  type: 'object',
  properties: {
    state: {
      type: 'string',
      description: 'only runs in one of these states, separated by commas; `active`: all that have not ended',
    },
    label: {
      type: 'string',
      description:
        'only runs with all of these labels: branch=main,team=pay; `\\,` is a comma and `\\\\` a backslash',
    },
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
  const labels = label === undefined ? undefined : labelsOf(label);
  return {
    ...(state !== undefined && { state: state.split(',') }),
    ...(labels && { labels }),
    ...(limit !== undefined && { limit }),
    ...(after !== undefined && { after }),
  };
}

/** Reads `NAME=VALUE,…`. A backslash takes its special meaning from a comma or a backslash. */
function labelsOf(text: string): Record<string, string> {
  const pairs = (text.match(/(?:\\.|[^,])+/gs) ?? []).map((pair) => {
    const [name = '', ...value] = pair.replaceAll(/\\(.)/gs, '$1').split('=');
    return [name, value.join('=')];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

const COMPARED: QuerySchema = {
  type: 'object',
  properties: {
    baseline: { type: 'string', maxLength: 100, description: 'the earlier run: its id' },
    run: { type: 'string', maxLength: 100, description: 'the run that is compared with it' },
    margin: {
      type: 'integer',
      minimum: 1,
      maximum: 99,
      description: 'percent below which changes of response times count as the same; default 5',
    },
    skip: {
      type: 'integer',
      description: 'seconds at the start of both runs that are left out; default: detected',
    },
  },
  required: ['baseline', 'run'],
};

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
  app.get<{ Querystring: CompareQuery }>(
    '/v1/compare',
    {
      schema: {
        summary: 'Compare two runs that have ended',
        querystring: COMPARED,
        response: { 200: comparisonView, 400: apiProblem, 404: apiProblem, 409: apiProblem, 503: apiProblem },
      },
      validatorCompiler: readQuery,
    },
    ({ query }) => control.compare(query),
  );
}
