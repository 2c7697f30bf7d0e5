export type MetricType = 'counter' | 'gauge' | 'histogram';

/** A metric that Prometheus gets. All of them have the labels `run` and `scenario`, too. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** Beside `run` and `scenario`, in the order in which they are written. */
  readonly labels: readonly string[];
  /** Whether each tag is a label, too: `tag_NAME`, and `phase` for the phase of the load. */
  readonly hasTags: boolean;
}

const SERIES = ['protocol', 'method', 'name', 'user'];

/**
 * All metrics, in the order in which they are exposed. Durations are in seconds and sizes in bytes.
 * Counters count from the start of the run, or from the last reset of its statistics.
 */
export const METRICS = [
  ofSeries('drumline_requests_total', 'counter', 'Requests that ended, with any outcome.'),
  ofSeries('drumline_responses_total', 'counter', 'Responses by status.', ['status']),
  ofSeries('drumline_request_failures_total', 'counter', 'Failed requests.'),
  ofSeries(
    'drumline_requests_interrupted_total',
    'counter',
    'Requests that the end of the run interrupted. They are not failures.',
  ),
  ofSeries('drumline_sent_bytes_total', 'counter', 'Bytes sent, with headers.'),
  ofSeries('drumline_received_bytes_total', 'counter', 'Bytes received, with headers.'),
  ofSeries(
    'drumline_request_phase_seconds_total',
    'counter',
    'Time that requests spent queued, or with connect, send, wait and receive.',
    ['request_phase'],
  ),
  ofSeries('drumline_errors_total', 'counter', 'Failed requests by error.', ['error']),
  ofSeries(
    'drumline_request_duration_seconds',
    'histogram',
    'Response times, from the due time of the first request of an iteration.',
  ),
  ofSeries(
    'drumline_request_service_duration_seconds',
    'histogram',
    'Service times, from the call; only of series in which they differ from response times.',
  ),
  ofSeries(
    'drumline_part_duration_seconds',
    'histogram',
    'Times of parts and groups of requests, such as messages and steps. They are not requests.',
  ),
  tagged('drumline_checks_total', 'counter', 'Checks by outcome.', ['check', 'outcome']),
  ofRun('drumline_exceptions_total', 'counter', 'Exceptions of the scenario.', ['user', 'task']),
  ofRun('drumline_starts_total', 'counter', 'Arrivals and iterations that were started.', ['user', 'phase']),
  ofRun('drumline_starts_late_total', 'counter', 'Starts over 10 ms after their due time.', [
    'user',
    'phase',
  ]),
  ofRun('drumline_starts_dropped_total', 'counter', 'Starts that the limit of users prevented.', [
    'user',
    'phase',
  ]),
  ofRun('drumline_starts_skipped_total', 'counter', 'Starts that a pause or the end prevented.', [
    'user',
    'phase',
  ]),
  ofRun('drumline_connections_opened_total', 'counter', 'Opened connections.', [
    'protocol',
    'tls_version',
    'handshake',
  ]),
  ofRun('drumline_untrusted_seconds_total', 'counter', 'Seconds in which the generator was the bottleneck.'),
  ofRun('drumline_output_dropped_seconds_total', 'counter', 'Seconds of which an output lost data.', [
    'output',
    'to',
  ]),
  tagged('drumline_custom_total', 'counter', 'Custom counters.', ['metric']),
  tagged('drumline_custom_value', 'gauge', 'Custom gauges.', ['metric']),
  tagged('drumline_custom_rate_hits_total', 'counter', 'Hits of custom rates.', ['metric']),
  tagged('drumline_custom_rate_observations_total', 'counter', 'Observations of custom rates.', ['metric']),
  tagged('drumline_custom_rate_ratio', 'gauge', 'Hits of a custom rate over its observations.', ['metric']),
  tagged('drumline_custom_trend', 'histogram', 'Custom trends, in the unit of the scenario.', ['metric']),
  ofRun('drumline_users', 'gauge', 'Running users.'),
  ofRun(
    'drumline_users_planned',
    'gauge',
    'Users that the load asks for; absent if it asks for starts only.',
  ),
  ofRun('drumline_users_cut_off', 'gauge', 'Users that unreachable workers may run in addition.'),
  ofRun('drumline_rate_planned', 'gauge', 'Starts per second that the load asks for.'),
  ofRun('drumline_workers', 'gauge', 'Workers by state: present or missing.', ['state']),
  ofRun('drumline_busiest_lane_ratio', 'gauge', 'Busy part of the event loop of the busiest lane, 0 to 1.'),
  ofRun('drumline_output_up', 'gauge', '1 while an output works, 0 while it opens or fails.', [
    'output',
    'to',
  ]),
  ofRun('drumline_threshold_broken', 'gauge', '1 while a threshold is broken.', ['expression', 'of']),
  ofRun('drumline_run_info', 'gauge', 'Always 1; labels of the run are labels, prefixed with label_.'),
] as const satisfies readonly Metric[];

export type MetricName = (typeof METRICS)[number]['name'];

function ofSeries<N extends string>(name: N, type: MetricType, help: string, labels: readonly string[] = []) {
  return { name, type, help, labels: [...SERIES, ...labels], hasTags: true };
}

function tagged<N extends string>(name: N, type: MetricType, help: string, labels: readonly string[]) {
  return { name, type, help, labels, hasTags: true };
}

function ofRun<N extends string>(name: N, type: MetricType, help: string, labels: readonly string[] = []) {
  return { name, type, help, labels, hasTags: false };
}
