import { chosenDataSource } from '../dashboard.js';
import { Panels, type Target } from '../panels.js';

export const source = chosenDataSource('grafana-postgresql-datasource');
/** Seconds are the finest rows. */
export const panels = new Panels(source, '1s');

/** A table or view of the schema that the variable names. */
export function table(name: string): string {
  return `\${schema}.${name}`;
}

/** The rows of the chosen run. */
export function ofRun(alias: string): string {
  return `${alias}.run_id = nullif('$run', '')::uuid`;
}

/** The rows of the chosen run in the time range. */
export function inRange(alias: string): string {
  return `${ofRun(alias)} AND $__timeFilter(${alias}.at)`;
}

/** The beginning of a query over time. */
export function overTime(alias: string): string {
  return `SELECT $__timeGroupAlias(${alias}.at, $__interval)`;
}

/** The seconds of the chosen run in the time range: a row for each second. */
export const RUN_SECONDS = `FROM ${table('run_second')} s WHERE ${inRange('s')} GROUP BY 1 ORDER BY 1`;

/** The chosen requests of the run in the time range: a row for each series and second. */
export const SERIES_SECONDS = [
  `FROM ${table('second')} s JOIN ${table('series')} i ON i.series_id = s.series_id`,
  `WHERE ${inRange('s')} AND NOT i.is_part AND i.name = ANY (ARRAY[$name]::text[])`,
].join(' ');

/** A sum over the rows of a point, per second. */
export function perSecond(sum: string): string {
  return `sum(${sum}) / ($__interval_ms / 1000.0)`;
}

/** The name of a series of requests. */
export const REQUEST = `concat_ws(' ', nullif(i.method, ''), i.name)`;

/** A query whose first column is the time. A column `metric` names the series. */
export function graph(rawSql: string): Target[] {
  return [{ refId: 'A', rawSql, format: 'time_series', rawQuery: true, editorMode: 'code' }];
}

/** A query for a table or one figure. */
export function rows(rawSql: string): Target[] {
  return [{ refId: 'A', rawSql, format: 'table', rawQuery: true, editorMode: 'code' }];
}
