import { taggedLabel } from '@drumline/model';
import type { MetricResult, RunResult } from '@drumline/wire';
import { formatCount, formatNumber, formatShare } from '../format.js';
import { type Markup, markup } from './markup.js';
import { renderTable } from './table.js';

/** Renders the custom metrics. Their units are unknown, so values have none. */
export function renderMetrics(metrics: RunResult['metrics']): Markup | false {
  return renderTable<MetricResult>({
    id: 'metrics',
    title: 'Custom metrics',
    rows: metrics,
    columns: [
      { title: 'Metric', cell: (row) => taggedLabel(row) },
      { title: 'Kind', cell: (row) => markup`<span class="tag">${row.kind}</span>` },
      { title: 'Value', cell: (row) => markup`<strong>${value(row)}</strong>`, sortBy: weight },
      { title: 'Detail', cell: (row) => markup`<span class="muted">${detail(row)}</span>` },
    ],
  });
}

function value(metric: MetricResult): string {
  switch (metric.kind) {
    case 'counter':
      return formatNumber(metric.sum);
    case 'gauge':
      return formatNumber(metric.last);
    case 'rate':
      return formatShare(metric.hits, metric.total);
    case 'trend':
      return formatNumber(metric.values.p50);
  }
}

function detail(metric: MetricResult): string {
  switch (metric.kind) {
    case 'counter':
      return `${formatNumber(metric.rate)}/s`;
    case 'gauge':
      return `last value; min ${formatNumber(metric.min)}, max ${formatNumber(metric.max)}`;
    case 'rate':
      return `${formatCount(metric.hits)} of ${formatCount(metric.total)}`;
    case 'trend': {
      const { min, mean, p95, p99, max } = metric.values;
      const numbers = { min, mean, p95, p99, max };
      const listed = Object.entries(numbers).map(([name, number]) => `${name} ${formatNumber(number)}`);
      return `median of ${formatCount(metric.count)}; ${listed.join(', ')}`;
    }
  }
}

function weight(metric: MetricResult): number {
  switch (metric.kind) {
    case 'counter':
      return metric.sum;
    case 'gauge':
      return metric.last;
    case 'rate':
      return metric.hits / Math.max(1, metric.total);
    case 'trend':
      return metric.values.p50;
  }
}
