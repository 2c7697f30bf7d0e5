import type { Row } from '../dashboard.js';
import {
  cells,
  line,
  lines,
  mean,
  now,
  panels,
  quantile,
  rate,
  requests,
  responseTimes,
  run,
  sum,
  total,
  REQUEST,
  RED,
  WINDOW,
  serviceTimes,
} from './queries.js';

export const times: Row = {
  title: 'Response times',
  panels: [
    panels.graph({
      title: 'Quantiles',
      description: 'From native histograms, otherwise from classic buckets.',
      unit: 's',
      targets: lines(
        [quantile(0.5, responseTimes, WINDOW), 'p50'],
        [quantile(0.9, responseTimes, WINDOW), 'p90'],
        [quantile(0.95, responseTimes, WINDOW), 'p95'],
        [quantile(0.99, responseTimes, WINDOW), 'p99'],
        [mean(responseTimes), 'mean'],
      ),
    }),
    panels.graph({
      title: 'p95 of each request',
      unit: 's',
      targets: [line(quantile(0.95, responseTimes, WINDOW, 'method', 'name'), REQUEST)],
    }),
    panels.heatmap({
      title: 'Distribution, native histograms',
      description: 'Empty if Prometheus gets classic buckets only.',
      targets: [cells(`sum (increase(${responseTimes('')}[${WINDOW}]))`)],
    }),
    panels.heatmap({
      title: 'Distribution, classic buckets',
      description: 'Empty if Prometheus gets native histograms only.',
      targets: [cells(`sum by (le) (increase(${responseTimes('_bucket')}[${WINDOW}]))`)],
    }),
    panels.graph({
      title: 'Where the time of a request goes',
      description: 'Mean time of a request in each phase.',
      unit: 's',
      stacked: true,
      targets: [
        line(
          `${rate(requests('drumline_request_phase_seconds_total'), 'request_phase')} / scalar(${rate(requests('drumline_requests_total'))})`,
          '{{request_phase}}',
        ),
      ],
    }),
    panels.graph({
      title: 'Service times of late iterations, p95',
      description: 'From the call instead of the due time. Only of requests whose iterations began late.',
      unit: 's',
      targets: [line(quantile(0.95, serviceTimes, WINDOW, 'method', 'name'), REQUEST)],
    }),
    panels.graph({
      title: 'Parts of requests, p95',
      description: 'Messages of streams, events, steps and batches. They are not in the other graphs.',
      unit: 's',
      targets: [
        line(
          quantile(
            0.95,
            (part) => requests('drumline_part_duration_seconds', part),
            WINDOW,
            'method',
            'name',
          ),
          REQUEST,
        ),
      ],
    }),
  ],
};

export const generator: Row = {
  title: 'Workers and lanes',
  panels: [
    panels.graph({
      title: 'Workers',
      targets: [line(sum(run('drumline_workers'), 'state'), '{{state}}')],
      colors: { missing: RED },
      width: 8,
    }),
    panels.graph({
      title: 'Busiest lane',
      description: 'Busy part of its event loop. Near 100 %, the generator is the limit.',
      unit: 'percentunit',
      max: 1,
      targets: [line(`max(${run('drumline_busiest_lane_ratio')})`, 'busiest lane')],
      width: 8,
    }),
    panels.graph({
      title: 'Connections opened per second',
      unit: 'ops',
      targets: [
        line(
          rate(run('drumline_connections_opened_total'), 'protocol', 'tls_version', 'handshake'),
          '{{protocol}} {{tls_version}} {{handshake}}',
        ),
      ],
      width: 8,
    }),
    panels.stat({
      title: 'Untrusted seconds',
      description: 'Seconds since the start in which the generator was the bottleneck.',
      unit: 's',
      redFrom: 1,
      targets: [now(total(run('drumline_untrusted_seconds_total')))],
    }),
    panels.stat({
      title: 'Seconds that outputs lost',
      description: 'The report has them.',
      unit: 's',
      redFrom: 1,
      targets: [now(total(run('drumline_output_dropped_seconds_total')))],
    }),
    panels.graph({
      title: 'Outputs that work',
      description: '0 while an output opens or fails.',
      max: 1,
      targets: [line(run('drumline_output_up'), '{{output}} {{to}}')],
      width: 8,
    }),
  ],
};

export const custom: Row = {
  title: 'Metrics of the scenario',
  collapsed: true,
  panels: [
    panels.graph({
      title: 'Counters per second',
      targets: [line(rate(run('drumline_custom_total'), 'metric'), '{{metric}}')],
    }),
    panels.graph({
      title: 'Gauges',
      targets: [line(run('drumline_custom_value'), '{{metric}}')],
    }),
    panels.graph({
      title: 'Rates',
      unit: 'percentunit',
      max: 1,
      targets: lines(
        [
          `${rate(run('drumline_custom_rate_hits_total'), 'metric')} / ${rate(run('drumline_custom_rate_observations_total'), 'metric')}`,
          '{{metric}}',
        ],
        [`avg by (metric) (${run('drumline_custom_rate_ratio')})`, '{{metric}}, since the start'],
      ),
    }),
    panels.graph({
      title: 'Trends, p95',
      targets: [
        line(
          quantile(0.95, (part) => run('drumline_custom_trend', part), WINDOW, 'metric'),
          '{{metric}}',
        ),
      ],
    }),
  ],
};
