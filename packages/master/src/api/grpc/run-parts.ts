import { DrumlineError } from '@drumline/model';
import {
  annotateRequest,
  annotationsView,
  annotationView,
  errorsView,
  logsRequest,
  logsView,
  metricsView,
  reportRequest,
  reportView,
  seriesPage,
  seriesRequest,
  seriesTimelineRequest,
  seriesTimelineView,
  totalsResult,
  workerHistoriesView,
  workerHistoryRequest,
  type AnnotationOrder,
  type LogQuery,
  type SeriesQuery,
  type SeriesTimelineQuery,
  type WorkerHistoryQuery,
} from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { renderReport, REPORT_FORMATS, type ReportFormat } from '../../service/render-report.js';
import { planeOf, view, type NamesRun, type Operation } from './operations.js';

/** The calls that read parts of a run, and add remarks to it. */
export const RUN_PARTS: readonly Operation[] = [
  view('GetTotals', '/totals', 'Statistics so far, of all series together', ['Totals', totalsResult], (run) =>
    run.totals(),
  ),
  {
    name: 'ListSeries',
    summary: 'Series of requests, in pages',
    rest: 'GET /v1/runs/{id}/series',
    request: ['ListSeriesRequest', seriesRequest],
    response: ['SeriesPage', seriesPage],
    call: (control: ControlPlane, { run, ...query }: NamesRun & SeriesQuery) =>
      planeOf(control, run).series(query),
  },
  {
    name: 'GetSeriesTimeline',
    summary: 'Series of requests over the time of the run',
    rest: 'GET /v1/runs/{id}/series/timeline',
    request: ['GetSeriesTimelineRequest', seriesTimelineRequest],
    response: ['SeriesTimeline', seriesTimelineView],
    call: (control: ControlPlane, { run, ...query }: NamesRun & SeriesTimelineQuery) =>
      planeOf(control, run).seriesTimeline(query),
  },
  {
    name: 'GetWorkerHistories',
    summary: 'Workers over the time of the run',
    rest: 'GET /v1/runs/{id}/workers/history',
    request: ['GetWorkerHistoriesRequest', workerHistoryRequest],
    response: ['WorkerHistories', workerHistoriesView],
    call: (control: ControlPlane, { run, ...query }: NamesRun & WorkerHistoryQuery) =>
      planeOf(control, run).workerHistories(query),
  },
  view('GetMetrics', '/metrics', 'Checks, metrics and opened connections', ['Metrics', metricsView], (run) =>
    run.metrics(),
  ),
  view(
    'ListErrors',
    '/errors',
    'Errors of requests and exceptions of the scenario',
    ['Errors', errorsView],
    (run) => run.errors(),
  ),
  {
    name: 'ListLogs',
    summary: 'What the run printed and noted',
    rest: 'GET /v1/runs/{id}/logs',
    request: ['ListLogsRequest', logsRequest],
    response: ['Logs', logsView],
    call: (control: ControlPlane, { run, after = 0, ...query }: NamesRun & LogQuery) =>
      planeOf(control, run).logs({ after, ...query }),
  },
  view(
    'ListAnnotations',
    '/annotations',
    'Remarks at instants of the run',
    ['Annotations', annotationsView],
    async (run) => ({ annotations: await run.annotations() }),
  ),
  {
    name: 'Annotate',
    summary: 'Add a remark at an instant of the run',
    rest: 'POST /v1/runs/{id}/annotations',
    request: ['AnnotateRequest', annotateRequest],
    response: ['Annotation', annotationView],
    call: (control: ControlPlane, { run, ...order }: NamesRun & AnnotationOrder) =>
      planeOf(control, run).annotate(order),
  },
  {
    name: 'GetReport',
    summary: 'The report of a run that has ended',
    rest: 'GET /v1/runs/{id}/report.{format}',
    request: ['GetReportRequest', reportRequest],
    response: ['Report', reportView],
    call: async (control: ControlPlane, { run, format }: NamesRun & { format: string }) => {
      const plane = planeOf(control, run);
      if (!isFormat(format))
        throw new DrumlineError('usage', `format must be one of ${Object.keys(REPORT_FORMATS).join(', ')}`);
      return { contentType: REPORT_FORMATS[format], text: await renderReport(plane, format) };
    },
  },
];

function isFormat(format: string): format is ReportFormat {
  return Object.hasOwn(REPORT_FORMATS, format);
}
