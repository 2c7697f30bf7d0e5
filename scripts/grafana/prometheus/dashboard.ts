import { dashboardOf } from '../dashboard.js';
import type { Annotation, Dashboard, Variable } from '../types.js';
import { failures, load, overview } from './load.js';
import { run, source } from './queries.js';
import { custom, generator, times } from './times.js';

/** A variable with the values of a label. */
function labelVariable(name: string, label: string, selector: string): Variable {
  const query = `label_values(${selector}, ${name})`;
  return {
    type: 'query',
    name,
    label,
    datasource: source,
    query: { query, refId: name, qryType: 1 },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  };
}

const variables: Variable[] = [
  { type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' },
  labelVariable('scenario', 'Scenario', 'drumline_run_info'),
  labelVariable('run', 'Run', 'drumline_run_info{scenario=~"$scenario"}'),
  labelVariable('user', 'User type', 'drumline_requests_total{run=~"$run"}'),
  labelVariable('name', 'Request', 'drumline_requests_total{run=~"$run", user=~"$user"}'),
];

/** An annotation of Prometheus, whose fields the general model lacks. */
interface PrometheusAnnotation extends Annotation {
  readonly expr: string;
  readonly titleFormat: string;
  readonly step: string;
}

const brokenThresholds: PrometheusAnnotation = {
  name: 'Broken thresholds',
  datasource: source,
  enable: true,
  iconColor: 'red',
  expr: `${run('drumline_threshold_broken')} == 1`,
  titleFormat: '{{of}} {{expression}}',
  step: '10s',
};

/** The dashboard for the metrics that Prometheus gets. */
export const PROMETHEUS_DASHBOARD: Dashboard = dashboardOf({
  uid: 'drumline-prometheus',
  title: 'Drumline',
  description: 'Load tests of Drumline, from the metrics of --out prometheus or --out remote-write.',
  refresh: '5s',
  variables,
  annotations: [brokenThresholds],
  rows: [overview, load, failures, times, generator, custom],
});
