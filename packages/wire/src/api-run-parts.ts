// Schemas of the parts of a run in the control API.
import Type from '#typebox';
import { annotationView } from './annotation.js';
import { seriesResult } from './result-requests.js';
import { checkResult, connectionResult, errorResult, exceptionResult, metricResult } from './result.js';
import type { AnnotationOrder, AnnotationView } from './views/annotation.js';
import type {
  ErrorsView,
  LogsView,
  MetricsView,
  SeriesPage,
  SeriesTimelineView,
  WorkerHistoriesView,
} from './views/run-parts.js';
import type { Same } from './views/same.js';

const MAX_ANNOTATION_CHARS = 500;

export const listedSeries = Type.Object({
  id: Type.String({ description: 'a short name, the same in all runs; the filter `id:` finds the series' }),
  ...seriesResult.properties,
});

/** `GET /v1/runs/{id}/series` */
export const seriesPage = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  series: Type.Array(listedSeries),
  next: Type.Optional(Type.String()),
  window: Type.Optional(
    Type.Object(
      {
        version: Type.String({ description: 'passed as `since`, it requests only what has changed' }),
        interval: Type.Integer({ minimum: 0, description: 'number of the newest closed interval' }),
        seconds: Type.Optional(
          Type.Number({ description: 'what rates refer to; absent once the run has ended' }),
        ),
        ids: Type.Array(Type.String(), { description: 'the series in the window, in order' }),
      },
      { description: 'present if the query has `offset`' },
    ),
  ),
});

const second = Type.Integer({ minimum: 0, description: 'counted from the start of the run' });
const ms = Type.Number({ description: 'milliseconds' });
const count = Type.Integer({ minimum: 0 });

export const seriesPoint = Type.Object({
  second,
  seconds: Type.Integer({ minimum: 1, description: 'number of seconds in this point' }),
  requests: count,
  failures: count,
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
});

/** `GET /v1/runs/{id}/series/timeline` */
export const seriesTimelineView = Type.Object({
  total: Type.Integer({ minimum: 0, description: 'series that match' }),
  timelines: Type.Array(
    Type.Object({
      series: listedSeries,
      knownFrom: Type.Integer({ minimum: 0, description: 'earlier seconds are not known' }),
      points: Type.Array(seriesPoint),
      distribution: Type.Array(Type.Object({ fromMs: ms, toMs: ms, count })),
    }),
  ),
});

const percent = Type.Number({ minimum: 0, description: 'percent' });

/** `GET /v1/runs/{id}/workers/history` */
export const workerHistoriesView = Type.Object({
  total: Type.Integer({ minimum: 0, description: 'workers that match' }),
  workers: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      stepSeconds: Type.Integer({ minimum: 1, description: 'seconds in each point' }),
      points: Type.Array(
        Type.Object({
          second,
          cpuPercent: percent,
          loopDelayMs: ms,
          roundTripMs: Type.Number({ description: 'milliseconds from a heartbeat to its reply' }),
          lanesBusyPercent: Type.Array(percent),
        }),
      ),
      changes: Type.Array(
        Type.Object({
          second,
          state: Type.String(),
          lane: Type.Optional(Type.Integer({ minimum: 0, description: 'absent for the worker itself' })),
        }),
      ),
    }),
  ),
});

/** `GET /v1/runs/{id}/metrics` */
export const metricsView = Type.Object({
  checks: Type.Array(checkResult),
  metrics: Type.Array(metricResult),
  connections: Type.Array(connectionResult),
});

/** `GET /v1/runs/{id}/errors` */
export const errorsView = Type.Object({
  errors: Type.Array(errorResult),
  exceptions: Type.Array(exceptionResult),
});

/** `GET /v1/runs/{id}/logs` */
export const logsView = Type.Object({
  lines: Type.Array(
    Type.Object({
      number: Type.Integer({ minimum: 0 }),
      at: Type.String(),
      kind: Type.Union([
        Type.Literal('printed'),
        Type.Literal('note'),
        Type.Literal('state'),
        Type.Literal('worker'),
        Type.Literal('lane'),
        Type.Literal('threshold'),
        Type.Literal('annotation'),
      ]),
      text: Type.String(),
    }),
  ),
});

/** `GET /v1/runs/{id}/annotations` */
export const annotationsView = Type.Object({ annotations: Type.Array(annotationView) });

/** `POST /v1/runs/{id}/annotations` */
export const annotationOrder = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: MAX_ANNOTATION_CHARS }),
    at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);

true satisfies Same<Type.Static<typeof seriesPage>, SeriesPage>;
true satisfies Same<Type.Static<typeof seriesTimelineView>, SeriesTimelineView>;
true satisfies Same<Type.Static<typeof workerHistoriesView>, WorkerHistoriesView>;
true satisfies Same<Type.Static<typeof metricsView>, MetricsView>;
true satisfies Same<Type.Static<typeof errorsView>, ErrorsView>;
true satisfies Same<Type.Static<typeof logsView>, LogsView>;
true satisfies Same<Type.Static<typeof annotationsView>, { annotations: AnnotationView[] }>;
true satisfies Same<Type.Static<typeof annotationOrder>, AnnotationOrder>;
