import type { Row } from '../dashboard.js';
import {
  graph,
  inRange,
  ofRun,
  overTime,
  panels,
  perSecond,
  REQUEST,
  rows,
  RUN_SECONDS,
  SERIES_SECONDS,
  table,
} from './queries.js';

/** Rows with a JSON object of counts, taken apart: one row for each of its members. */
function eachOf(column: 'statuses' | 'errors', name: string): string {
  return SERIES_SECONDS.replace(
    ' WHERE ',
    ` CROSS JOIN LATERAL jsonb_each_text(s.${column}) AS e(${name}, times) WHERE `,
  );
}

export const failures: Row = {
  title: 'Failures',
  panels: [
    panels.graph({
      title: 'Responses per second by status',
      unit: 'reqps',
      stacked: true,
      targets: graph(
        `${overTime('s')}, e.status AS metric, ${perSecond('e.times::bigint')} AS rate ${eachOf('statuses', 'status')} GROUP BY 1, 2 ORDER BY 1`,
      ),
    }),
    panels.graph({
      title: 'Failed requests per second',
      unit: 'reqps',
      stacked: true,
      targets: graph(
        `${overTime('s')}, ${REQUEST} AS metric, ${perSecond('s.failures')} AS rate ${SERIES_SECONDS} AND s.failures > 0 GROUP BY 1, 2 ORDER BY 1`,
      ),
    }),
    panels.table({
      title: 'Errors',
      description: 'The 20 most frequent in the time range.',
      targets: rows(
        `SELECT sum(e.times::bigint) AS failures, ${REQUEST} AS request, e.error AS error ${eachOf('errors', 'error')} GROUP BY 2, 3 ORDER BY 1 DESC LIMIT 20`,
      ),
      columns: { failures: 'Failures', request: 'Request', error: 'Error' },
    }),
    panels.table({
      title: 'Checks',
      description: 'In the time range.',
      targets: rows(
        `SELECT c.check_name, c.tags::text AS tags, sum(c.passes) AS passes, sum(c.fails) AS fails FROM ${table('check_second')} c WHERE ${inRange('c')} GROUP BY 1, 2 ORDER BY 4 DESC`,
      ),
      columns: { check_name: 'Check', tags: 'Tags', passes: 'Passed', fails: 'Failed' },
    }),
    panels.graph({
      title: 'Failed checks, exceptions and interrupted requests per second',
      unit: 'ops',
      targets: graph(
        `${overTime('s')}, avg(s.failed_checks) AS "failed checks", avg(s.exceptions) AS "exceptions", avg(s.interrupted) AS "interrupted" ${RUN_SECONDS}`,
      ),
    }),
    panels.table({
      title: 'Events',
      description: 'Notes, states, workers, thresholds and remarks.',
      targets: rows(
        `SELECT e.at, e.type, e.data::text AS data FROM ${table('event')} e WHERE ${inRange('e')} ORDER BY e.at LIMIT 500`,
      ),
      columns: { at: 'Time', type: 'Type', data: 'Event' },
    }),
  ],
};

export const times: Row = {
  title: 'Response times',
  panels: [
    panels.graph({
      title: 'Quantiles',
      description: 'Of the worst second in each point of the graph.',
      unit: 'µs',
      targets: graph(
        `${overTime('s')}, max(s.p50_us) AS "p50", max(s.p90_us) AS "p90", max(s.p95_us) AS "p95", max(s.p99_us) AS "p99", avg(s.mean_us) AS "mean" ${RUN_SECONDS}`,
      ),
    }),
    panels.graph({
      title: 'p95 of each request',
      description: 'Of the worst second in each point of the graph.',
      unit: 'µs',
      targets: graph(
        `${overTime('s')}, ${REQUEST} AS metric, max(s.p95_us) AS p95 ${SERIES_SECONDS} GROUP BY 1, 2 ORDER BY 1`,
      ),
    }),
    panels.table({
      title: 'Requests',
      description: 'Figures of the whole run. Quantiles are known when it has ended.',
      width: 24,
      targets: rows(
        `SELECT u.protocol, u.method, u.name, u.user_type, u.tags::text AS tags, u.requests, u.requests_per_second, u.failure_ratio, u.mean_ms, u.p50_ms, u.p95_ms, u.p99_ms, u.max_ms FROM ${table('summary')} u WHERE ${ofRun('u')} ORDER BY u.requests DESC`,
      ),
      columns: {
        protocol: 'Protocol',
        method: 'Method',
        name: 'Name',
        user_type: 'User type',
        tags: 'Tags',
        requests: 'Requests',
        requests_per_second: 'Rate',
        failure_ratio: 'Failed',
        mean_ms: 'Mean',
        p50_ms: 'p50',
        p95_ms: 'p95',
        p99_ms: 'p99',
        max_ms: 'Max',
      },
      units: {
        requests_per_second: 'reqps',
        failure_ratio: 'percentunit',
        mean_ms: 'ms',
        p50_ms: 'ms',
        p95_ms: 'ms',
        p99_ms: 'ms',
        max_ms: 'ms',
      },
    }),
    panels.table({
      title: 'Compared with the baseline',
      description:
        'The chosen run beside the run of the variable Baseline, if both are runs of one scenario.',
      width: 24,
      targets: rows(
        `SELECT c.method, c.name, c.user_type, c.baseline_requests, c.requests, c.baseline_failure_ratio, c.failure_ratio, c.baseline_p95_ms, c.p95_ms, c.p95_change FROM ${table('comparison')} c WHERE ${ofRun('c')} AND c.baseline_run_id = nullif('$baseline', '')::uuid ORDER BY abs(c.p95_change) DESC NULLS LAST`,
      ),
      columns: {
        method: 'Method',
        name: 'Name',
        user_type: 'User type',
        baseline_requests: 'Requests before',
        requests: 'Requests',
        baseline_failure_ratio: 'Failed before',
        failure_ratio: 'Failed',
        baseline_p95_ms: 'p95 before',
        p95_ms: 'p95',
        p95_change: 'Change of p95',
      },
      units: {
        baseline_failure_ratio: 'percentunit',
        failure_ratio: 'percentunit',
        baseline_p95_ms: 'ms',
        p95_ms: 'ms',
        p95_change: 'percentunit',
      },
    }),
  ],
};

export const generator: Row = {
  title: 'Workers and lanes',
  panels: [
    panels.graph({
      title: 'Workers',
      targets: graph(
        `${overTime('s')}, min(s.workers_present) AS "present", max(s.workers_missing) AS "missing" ${RUN_SECONDS}`,
      ),
      colors: { missing: 'semi-dark-red' },
    }),
    panels.graph({
      title: 'Busiest lane',
      description: 'Busy part of its event loop. Near 100 %, the generator is the limit.',
      unit: 'percentunit',
      max: 1,
      targets: graph(`${overTime('s')}, max(s.busiest_lane) AS "busiest lane" ${RUN_SECONDS}`),
    }),
  ],
};

/** The values of metrics of some kinds over time. */
function metrics(value: string, ...kinds: readonly string[]): string {
  const list = kinds.map((kind) => `'${kind}'`).join(', ');
  return `${overTime('m')}, m.metric AS metric, ${value} AS value FROM ${table('metric_second')} m WHERE ${inRange('m')} AND m.kind IN (${list}) GROUP BY 1, 2 ORDER BY 1`;
}

export const custom: Row = {
  title: 'Metrics of the scenario',
  collapsed: true,
  panels: [
    panels.graph({ title: 'Counters per second', targets: graph(metrics(perSecond('m.value'), 'counter')) }),
    panels.graph({ title: 'Gauges', targets: graph(metrics('max(m.value)', 'gauge')) }),
    panels.graph({
      title: 'Rates',
      unit: 'percentunit',
      max: 1,
      targets: graph(metrics('sum(m.hits)::float8 / nullif(sum(m.total), 0)', 'rate')),
    }),
    panels.graph({
      title: 'Trends, p95',
      description: 'Of the worst second in each point of the graph.',
      targets: graph(metrics('max(m.p95)', 'trend')),
    }),
  ],
};
