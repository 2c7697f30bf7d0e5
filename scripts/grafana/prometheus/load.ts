import type { Row } from '../dashboard.js';
import {
  line,
  lines,
  now,
  panels,
  quantile,
  rate,
  requests,
  responseTimes,
  rows,
  run,
  sum,
  total,
  REQUEST,
  RED,
} from './queries.js';

export const overview: Row = {
  title: 'Overview',
  panels: [
    panels.stat({ title: 'Users', targets: [now(sum(run('drumline_users')))] }),
    panels.stat({ title: 'Requests', targets: [now(total(requests('drumline_requests_total')))] }),
    panels.stat({
      title: 'Requests per second',
      unit: 'reqps',
      targets: [now(rate(requests('drumline_requests_total')))],
    }),
    panels.stat({
      title: 'Failed requests',
      description: 'Of all requests since the start of the runs.',
      unit: 'percentunit',
      redFrom: 0.01,
      targets: [
        now(
          `(${total(requests('drumline_request_failures_total'))} or vector(0)) / ${total(requests('drumline_requests_total'))}`,
        ),
      ],
    }),
    panels.stat({
      title: 'Response time, p95',
      description: 'In the time range.',
      unit: 's',
      targets: [now(quantile(0.95, responseTimes, '$__range'))],
    }),
    panels.stat({
      title: 'Broken thresholds',
      redFrom: 1,
      targets: [now(`sum(${run('drumline_threshold_broken')})`)],
    }),
    panels.table({
      title: 'Runs',
      width: 24,
      height: 5,
      targets: [rows(`last_over_time(${run('drumline_run_info')}[$__range])`)],
      columns: { scenario: 'Scenario', run: 'Run' },
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
      targets: [line(rate(requests('drumline_requests_total'), 'method', 'name'), REQUEST)],
    }),
    panels.graph({
      title: 'Users',
      description: 'Running users beside those that the load asks for.',
      targets: lines(
        [sum(run('drumline_users')), 'running'],
        [sum(run('drumline_users_planned')), 'planned'],
        [sum(run('drumline_users_cut_off')), 'on unreachable workers'],
      ),
      colors: { planned: 'text' },
    }),
    panels.graph({
      title: 'Starts per second: due, late, dropped',
      description: 'Arrivals and iterations of loads with a rate. Late: over 10 ms after the due time.',
      unit: 'ops',
      targets: lines(
        [sum(run('drumline_rate_planned')), 'planned'],
        [rate(run('drumline_starts_total')), 'started'],
        [rate(run('drumline_starts_late_total')), 'of these late'],
        [rate(run('drumline_starts_dropped_total')), 'dropped: limit of users'],
        [rate(run('drumline_starts_skipped_total')), 'skipped: pause or end'],
      ),
      colors: { planned: 'text', 'dropped: limit of users': RED },
    }),
    panels.graph({
      title: 'Bytes per second',
      unit: 'Bps',
      targets: lines(
        [rate(requests('drumline_received_bytes_total')), 'received'],
        [rate(requests('drumline_sent_bytes_total')), 'sent'],
      ),
    }),
  ],
};

export const failures: Row = {
  title: 'Failures',
  panels: [
    panels.graph({
      title: 'Responses per second by status',
      unit: 'reqps',
      stacked: true,
      targets: [line(rate(requests('drumline_responses_total'), 'status'), '{{status}}')],
    }),
    panels.graph({
      title: 'Failed requests per second',
      unit: 'reqps',
      stacked: true,
      targets: lines(
        [`${rate(requests('drumline_request_failures_total'), 'method', 'name')} > 0`, REQUEST],
        [`${rate(requests('drumline_requests_interrupted_total'))} > 0`, 'interrupted by the end'],
      ),
    }),
    panels.table({
      title: 'Errors',
      description: 'The 20 most frequent, since the start of the runs.',
      targets: [rows(`topk(20, ${total(requests('drumline_errors_total'), 'error', 'method', 'name')} > 0)`)],
      columns: { Value: 'Failures', method: 'Method', name: 'Name', error: 'Error' },
      sortBy: 'Failures',
    }),
    panels.table({
      title: 'Checks',
      targets: [rows(total(run('drumline_checks_total'), 'check', 'outcome'))],
      columns: { Value: 'Times', check: 'Check', outcome: 'Outcome' },
      sortBy: 'Times',
    }),
    panels.graph({
      title: 'Exceptions of the scenario per second',
      unit: 'ops',
      targets: [line(rate(run('drumline_exceptions_total'), 'user', 'task'), '{{user}} {{task}}')],
    }),
    panels.states(
      {
        title: 'Thresholds',
        targets: [
          line(`max by (expression, of) (${run('drumline_threshold_broken')})`, '{{of}} {{expression}}'),
        ],
      },
      { '0': ['holds', 'green'], '1': ['broken', 'red'] },
    ),
  ],
};
