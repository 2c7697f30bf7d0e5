import { dashboardOf } from '../dashboard.js';
import type { Target } from '../panels.js';
import type { Annotation, Dashboard, Variable } from '../types.js';
import { custom, failures, generator, times } from './details.js';
import { load, overview, runs } from './load.js';
import { inRange, ofRun, rows, source, table } from './queries.js';

const RUNS = `SELECT r.run_id::text AS __value, to_char(r.started_at, 'YYYY-MM-DD HH24:MI:SS') || ' ' || r.scenario AS __text FROM ${table('run')} r ORDER BY r.started_at DESC`;
const NAMES = `SELECT DISTINCT i.name FROM ${table('series')} i WHERE ${ofRun('i')} ORDER BY i.name`;

function queried(name: string, label: string, query: string): Variable {
  return { type: 'query', name, label, datasource: source, query, refresh: 1, sort: 0 };
}

const variables: Variable[] = [
  {
    type: 'datasource',
    name: 'datasource',
    label: 'Data source',
    query: 'grafana-postgresql-datasource',
  },
  {
    type: 'constant',
    hide: 2,
    name: 'schema',
    query: 'drumline',
    current: { text: 'drumline', value: 'drumline' },
  },
  queried('run', 'Run', RUNS),
  {
    ...queried('name', 'Request', NAMES),
    multi: true,
    includeAll: true,
    current: { text: ['All'], value: ['$__all'] },
  },
  queried('baseline', 'Baseline', RUNS),
];

/** An annotation of PostgreSQL, whose query the general model lacks. */
interface PostgresAnnotation extends Omit<Annotation, 'target'> {
  readonly target: Target;
}

const EVENTS = `SELECT e.at AS time, e.type AS tags, coalesce(e.data ->> 'message', e.data ->> 'text', e.data ->> 'state', e.data ->> 'expression', e.type) AS text FROM ${table('event')} e WHERE ${inRange('e')} ORDER BY e.at`;

const events: PostgresAnnotation = {
  name: 'Events of the run',
  datasource: source,
  enable: true,
  iconColor: 'blue',
  target: rows(EVENTS)[0]!,
};

/** The dashboard for the runs that PostgreSQL or TimescaleDB keeps. */
export const POSTGRES_DASHBOARD: Dashboard = dashboardOf({
  uid: 'drumline-postgres',
  title: 'Drumline runs',
  description: 'Load tests of Drumline, from the tables of --out postgres.',
  refresh: '',
  variables,
  annotations: [events as unknown as Annotation],
  rows: [runs, overview, load, failures, times, generator, custom],
});
