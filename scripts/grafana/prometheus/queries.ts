import type { MetricName } from '@drumline/outputs';
import { chosenDataSource } from '../dashboard.js';
import { Panels, type Target } from '../panels.js';

export const source = chosenDataSource('prometheus');
export const panels = new Panels(source);

/** The name of a series of requests. */
export const REQUEST = '{{method}} {{name}}';
export const RED = 'semi-dark-red';
/** The time over which rates are taken, as Grafana chooses it. */
export const WINDOW = '$__rate_interval';

/** Selects the runs of the variables. */
const OF_RUN = 'run=~"$run", scenario=~"$scenario"';
/** Selects the requests of the variables, too. */
const OF_REQUESTS = `${OF_RUN}, user=~"$user", name=~"$name"`;

/** What a histogram has beside its native form. */
type Part = '' | '_bucket' | '_sum' | '_count';

/** Metrics of a run as a whole. */
export function run(metric: MetricName, part: Part = ''): string {
  return `${metric}${part}{${OF_RUN}}`;
}

/** Metrics of requests. */
export function requests(metric: MetricName, part: Part = ''): string {
  return `${metric}${part}{${OF_REQUESTS}}`;
}

/** Per second, added up by labels. */
export function rate(selector: string, ...by: readonly string[]): string {
  return `sum${byText(by)} (rate(${selector}[$__rate_interval]))`;
}

/** The last values of counters, which count from the start, added up by labels. */
export function total(selector: string, ...by: readonly string[]): string {
  return `sum${byText(by)} (last_over_time(${selector}[$__range]))`;
}

/** A gauge, added up by labels. */
export function sum(selector: string, ...by: readonly string[]): string {
  return `sum${byText(by)} (${selector})`;
}

export function responseTimes(part: Part): string {
  return requests('drumline_request_duration_seconds', part);
}

export function serviceTimes(part: Part): string {
  return requests('drumline_request_service_duration_seconds', part);
}

/** Selects a part of a histogram. */
type HistogramOf = (part: Part) => string;

/**
 * A quantile of a histogram by labels: of the native histogram, or without one from its classic
 * buckets.
 */
export function quantile(q: number, of: HistogramOf, window: string, ...by: readonly string[]): string {
  const native = `histogram_quantile(${q}, sum${byText(by)} (rate(${of('')}[${window}])))`;
  const classic = `histogram_quantile(${q}, sum${byText(['le', ...by])} (rate(${of('_bucket')}[${window}])))`;
  return `${native} or ${classic}`;
}

/** The mean of a histogram. */
export function mean(of: HistogramOf): string {
  const native = rate(of(''));
  return `histogram_sum(${native}) / histogram_count(${native}) or ${rate(of('_sum'))} / ${rate(of('_count'))}`;
}

function byText(by: readonly string[]): string {
  return by.length === 0 ? '' : ` by (${by.join(', ')})`;
}

/** A query over time. @param legend the name of each series, with labels as `{{name}}` */
export function line(expr: string, legend: string, refId = 'A'): Target {
  return { refId, expr, legendFormat: legend, range: true, instant: false, editorMode: 'code' };
}

/** Queries over time in one panel. */
export function lines(...queries: readonly (readonly [expr: string, legend: string])[]): Target[] {
  return queries.map(([expr, legend], index) => line(expr, legend, String.fromCodePoint(65 + index)));
}

/** A query at the end of the time range. */
export function now(expr: string, legend = ''): Target {
  return { refId: 'A', expr, legendFormat: legend, range: false, instant: true, editorMode: 'code' };
}

/** The same as rows of a table. */
export function rows(expr: string): Target {
  return { ...now(expr), format: 'table' };
}

/** A histogram over time. */
export function cells(expr: string): Target {
  return { ...line(expr, '{{le}}'), format: 'heatmap' };
}
