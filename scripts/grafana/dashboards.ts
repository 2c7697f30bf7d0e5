import { POSTGRES_DASHBOARD } from './postgres/dashboard.js';
import { PROMETHEUS_DASHBOARD } from './prometheus/dashboard.js';
import type { Dashboard } from './types.js';

/** The dashboards, by the names of their files in grafana/. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  'drumline-prometheus': PROMETHEUS_DASHBOARD,
  'drumline-postgres': POSTGRES_DASHBOARD,
};
