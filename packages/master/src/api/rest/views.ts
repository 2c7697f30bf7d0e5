import type { FastifyInstance } from 'fastify';
import {
  annotationsView,
  apiProblem,
  errorsView,
  metricsView,
  runView,
  seriesPage,
  seriesTimelineView,
  statsView,
  statusView,
  timelineView,
  totalsResult,
  workerHistoriesView,
  workersView,
  type SeriesQuery,
  type SeriesTimelineQuery,
  type TimelineQuery,
  type WorkerHistoryQuery,
} from '@drumline/wire';
import type { ControlPlane, RunPlane } from '../../service/control-plane.js';
import { readQuery, type QuerySchema } from './query.js';
import { runOf, runParams, runPath } from './run-route.js';

/**
 * The OpenAPI document has the full schema, by this title. It is not compiled here, because that
 * would slow the start of the master.
 */
const resultBody = {
  title: 'RunResult',
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
  view('totals', 'Statistics so far, of all series together', totalsResult, (run) => run.totals());
  view('result', 'The result of the run, once it has ended', resultBody, (run) => run.result());
  view('metrics', 'Checks, metrics and opened connections', metricsView, (run) => run.metrics());
  view('errors', 'Errors of requests and exceptions of the scenario', errorsView, (run) => run.errors());
  view('annotations', 'Remarks at instants of the run', annotationsView, async (run) => ({
    annotations: await run.annotations(),
  }));
  const query = <Q>(
    name: string,
    schema: { readonly summary: string; readonly querystring: QuerySchema; readonly body: object },
    read: (run: RunPlane, query: Q) => unknown,
  ): void => {
    const { summary, querystring, body } = schema;
    const response = { 200: body, 400: apiProblem, 404: apiProblem, 409: apiProblem };
    app.get<{ Querystring: Q }>(
      runPath(name),
      { schema: { summary, params: runParams, querystring, response }, validatorCompiler: readQuery },
      (request) => read(runOf(control, request), request.query as Q),
    );
  };
  query<TimelineQuery>('timeline', TIMELINE, (run, range) => run.timeline(range));
  query<WorkerHistoryQuery>('workers/history', WORKER_HISTORY, (run, wanted) => run.workerHistories(wanted));
  query<SeriesTimelineQuery>('series/timeline', SERIES_TIMELINE, (run, wanted) => run.seriesTimeline(wanted));
  query<SeriesQuery>('series', SERIES, (run, wanted) => run.series(wanted));
}

const second = { type: 'integer', maximum: 999_999_999 } as const;
const TIMELINE = {
  summary: 'Timeline on the clock of the master',
  querystring: {
    type: 'object',
    properties: {
      from: { ...second, description: 'first second, counted from the start of the run; default 0' },
      to: { ...second, description: 'the second after the last; default: up to now' },
      points: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        description: 'the most points: seconds are merged to fit; default: a point for each second',
      },
    },
  },
  body: timelineView,
} as const;
const WORKER_HISTORY = {
  summary: 'Workers over the time of the run',
  querystring: {
    type: 'object',
    properties: {
      worker: { type: 'string', maxLength: 200, description: 'name or id of a worker; default: all' },
      limit: { type: 'integer', minimum: 1, maximum: 100, description: 'the most workers; default 20' },
    },
  },
  body: workerHistoriesView,
} as const;
const filtered = {
  filter: { type: 'string', description: 'terms that must all hold: `method:POST name:cart p95>300`' },
  sort: {
    type: 'string',
    maxLength: 50,
    description: 'a field, `-` before it descending; default -requests',
  },
} as const;
const SERIES_TIMELINE = {
  summary: 'Series of requests over the time of the run',
  querystring: {
    type: 'object',
    properties: {
      ...filtered,
      limit: { type: 'integer', minimum: 1, maximum: 10, description: 'the most series; default 5' },
      from: { ...second, description: 'first second, counted from the start of the run; default 0' },
      points: {
        type: 'integer',
        minimum: 10,
        maximum: 2_000,
        description: 'the most points of each series: seconds are merged to fit; default 600',
      },
    },
  },
  body: seriesTimelineView,
} as const;
const SERIES = {
  summary: 'Series of requests, in pages',
  querystring: {
    type: 'object',
    properties: {
      ...filtered,
      limit: { type: 'integer', minimum: 1, maximum: 1_000, description: 'series on a page; default 100' },
      after: { type: 'string', maxLength: 60, description: '`next` of the page before' },
      offset: {
        type: 'integer',
        description: 'reads a window of the present order, from this place on; not with `after`',
      },
      since: {
        type: 'string',
        maxLength: 60,
        description: '`version` of the last answer to the same query: only changed rows are returned',
      },
    },
  },
  body: seriesPage,
} as const;
