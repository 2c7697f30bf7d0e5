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

/** Milliseconds since 1970, as links to a time range have them. */
function milliseconds(instant: string): string {
  return `(extract(epoch FROM ${instant}) * 1000)::bigint`;
}

const RUNS = `SELECT r.run_id::text AS run_id, r.started_at, r.scenario, r.state, r.verdict, r.seconds, r.max_users, r.requests, r.failure_ratio, r.requests_per_second, r.p95_ms, r.p99_ms, r.labels::text AS labels, ${milliseconds('r.started_at')} AS from_ms, ${milliseconds('coalesce(r.ended_at, now())')} + 1000 AS to_ms FROM ${table('run_summary')} r ORDER BY r.started_at DESC LIMIT 100`;

export const runs: Row = {
  title: 'Runs',
  panels: [
    panels.table({
      title: 'Runs',
      description: 'The newest 100. A click on one shows it with its time range.',
      width: 24,
      targets: rows(RUNS),
      columns: {
        started_at: 'Start',
        scenario: 'Scenario',
        run_id: 'Run',
        state: 'State',
        verdict: 'Verdict',
        seconds: 'Length',
        max_users: 'Most users',
        requests: 'Requests',
        requests_per_second: 'Rate',
        failure_ratio: 'Failed',
        p95_ms: 'p95',
        p99_ms: 'p99',
        labels: 'Labels',
      },
      hidden: ['from_ms', 'to_ms'],
      units: {
        seconds: 's',
        requests_per_second: 'reqps',
        failure_ratio: 'percentunit',
        p95_ms: 'ms',
        p99_ms: 'ms',
      },
      link: {
        field: 'run_id',
        title: 'Show this run',
        url: '/d/drumline-postgres?var-datasource=${datasource}&var-run=${__data.fields.run_id}&from=${__data.fields.from_ms}&to=${__data.fields.to_ms}',
      },
    }),
  ],
};

export const overview: Row = {
  title: 'The chosen run',
  panels: [
    panels.stat({
      title: 'State',
      targets: rows(
        `SELECT concat_ws(', ', r.state, r.verdict, 'exit ' || r.exit_code) AS state FROM ${table('run')} r WHERE ${ofRun('r')}`,
      ),
      isText: true,
    }),
    panels.stat({
      title: 'Requests',
      description: 'In the time range, as all figures of this row.',
      targets: rows(`SELECT sum(s.requests) AS requests FROM ${table('run_second')} s WHERE ${inRange('s')}`),
    }),
    panels.stat({
      title: 'Requests per second',
      unit: 'reqps',
      targets: rows(
        `SELECT sum(s.requests)::float8 / nullif(count(*), 0) AS rate FROM ${table('run_second')} s WHERE ${inRange('s')}`,
      ),
    }),
    panels.stat({
      title: 'Failed requests',
      unit: 'percentunit',
      redFrom: 0.01,
      targets: rows(
        `SELECT sum(s.failures)::float8 / nullif(sum(s.requests), 0) AS failed FROM ${table('run_second')} s WHERE ${inRange('s')}`,
      ),
    }),
    panels.stat({
      title: 'Response time, p95',
      description: 'Over all response times of the time range.',
      unit: 'µs',
      targets: rows(
        `SELECT ${table('percentile_us')}(array_agg(s.latency), 0.95) AS p95 FROM ${table('run_second')} s WHERE ${inRange('s')}`,
      ),
    }),
    panels.stat({
      title: 'Untrusted seconds',
      description: 'Seconds in which the generator was the bottleneck.',
      unit: 's',
      redFrom: 1,
      targets: rows(
        `SELECT count(*) FILTER (WHERE s.untrusted) AS untrusted FROM ${table('run_second')} s WHERE ${inRange('s')}`,
      ),
    }),
  ],
};

export const load: Row = {
  title: 'Load',
  panels: [
    panels.graph({
      title: 'Requests per second by request',
      unit: 'reqps',
      stacked: true,
      targets: graph(
        `${overTime('s')}, ${REQUEST} AS metric, ${perSecond('s.requests')} AS rate ${SERIES_SECONDS} GROUP BY 1, 2 ORDER BY 1`,
      ),
    }),
    panels.graph({
      title: 'Users',
      description: 'Running users beside those that the load asks for.',
      targets: graph(
        `${overTime('s')}, max(s.users) AS "running", max(s.planned_users) AS "planned", max(s.cut_off_users) AS "on unreachable workers" ${RUN_SECONDS}`,
      ),
      colors: { planned: 'text' },
    }),
    panels.graph({
      title: 'Starts per second: due, late, dropped',
      description: 'Arrivals and iterations of loads with a rate. Late: over 10 ms after the due time.',
      unit: 'ops',
      targets: graph(
        `${overTime('s')}, avg(s.planned_rate) AS "planned", avg(s.started) AS "started", avg(s.late) AS "of these late", avg(s.dropped) AS "dropped: limit of users", avg(s.skipped) AS "skipped: pause or end" ${RUN_SECONDS}`,
      ),
      colors: { planned: 'text', 'dropped: limit of users': 'semi-dark-red' },
    }),
    panels.graph({
      title: 'Bytes per second',
      unit: 'Bps',
      targets: graph(
        `${overTime('s')}, ${perSecond('s.bytes_received')} AS "received", ${perSecond('s.bytes_sent')} AS "sent" ${SERIES_SECONDS} GROUP BY 1 ORDER BY 1`,
      ),
    }),
  ],
};
