import { countsUpTo } from '../sums/buckets.js';
import type { Exemplar } from '../sums/exemplars.js';
import { exemplarsByBucket, type Distribution, type Family } from './family.js';
import type { Labels } from './labels.js';

/**
 * Writes metrics as text, in the format of Prometheus or in that of OpenMetrics.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposeText(families: readonly Family[], format: 'prometheus' | 'openmetrics'): string {
  const lines: string[] = [];
  for (const { metric, points } of families) {
    const { name, type, help } = metric;
    const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
    lines.push(`# HELP ${family} ${escapeHelp(help)}`, `# TYPE ${family} ${type}`);
    for (const { labels, value } of points) {
      if (typeof value === 'number') lines.push(`${name}${braces(labels)} ${formatNumber(value)}`);
      else writeHistogram(name, labels, value, lines, format === 'openmetrics');
    }
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function writeHistogram(
  name: string,
  labels: Labels,
  distribution: Distribution,
  lines: string[],
  hasExemplars: boolean,
): void {
  const { histogram, perUnit, bounds } = distribution;
  const counts = countsUpTo(histogram, perUnit, bounds);
  const before = labels.map(labelText).join(',');
  const start = `${name}_bucket{${before}${before === '' ? '' : ','}le="`;
  const exemplars = hasExemplars ? exemplarsByBucket(distribution) : [];
  for (const [at, bound] of bounds.entries())
    lines.push(`${start}${formatBound(bound)}"} ${counts[at]}${exemplarText(exemplars[at])}`);
  lines.push(
    `${start}+Inf"} ${histogram.count}${exemplarText(exemplars[bounds.length])}`,
    `${name}_sum{${before}} ${formatNumber(histogram.sum / perUnit)}`,
    `${name}_count{${before}} ${histogram.count}`,
  );
}

/** What follows the value of a bucket. */
function exemplarText(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined) return '';
  const { traceId, spanId, seconds, atMs } = exemplar;
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${formatNumber(seconds)} ${(atMs / 1_000).toFixed(3)}`;
}

/** The label `le` of a bound. With a decimal point, because Prometheus compares it as text. */
export function formatBound(bound: number): string {
  const text = formatNumber(bound);
  return Number.isInteger(bound) && !text.includes('e') ? `${text}.0` : text;
}

function formatNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function braces(labels: Labels): string {
  return labels.length === 0 ? '' : `{${labels.map(labelText).join(',')}}`;
}

function labelText([name, value]: Labels[number]): string {
  return `${name}="${escapeValue(value)}"`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

/** Most values have nothing to escape. */
function escapeValue(value: string): string {
  return /["\\\n]/.test(value) ? escapeHelp(value).replaceAll('"', String.raw`\"`) : value;
}
