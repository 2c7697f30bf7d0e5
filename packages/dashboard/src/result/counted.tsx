import type { CheckResult, ConnectionResult, LatencyResult, MetricResult } from '@drumline/client';
import { formatCount, formatNumber, formatShare, taggedLabel } from '@drumline/model';
import { formatMs } from '../format.js';
import { type Column, DataTable } from './data-table.js';
import { Mark, Muted } from './marks.js';

/** The checks, with how often they passed. */
export function ChecksTable({ checks }: { readonly checks: readonly CheckResult[] }) {
  return (
    <DataTable<CheckResult>
      id="checks"
      title="Checks"
      rows={checks}
      columns={[
        {
          title: 'Check',
          cell: (row) => (
            <>
              <Mark passed={row.fails === 0} />
              {taggedLabel(row)}
            </>
          ),
          sortBy: taggedLabel,
        },
        {
          title: 'Passed',
          cell: (row) => formatShare(row.passes, row.passes + row.fails),
          sortBy: passRate,
          share: passRate,
        },
        { title: 'Passes', cell: (row) => formatCount(row.passes), sortBy: (row) => row.passes },
        {
          title: 'Fails',
          cell: (row) => <span class={row.fails > 0 ? 'bad' : 'muted'}>{formatCount(row.fails)}</span>,
          sortBy: (row) => row.fails,
        },
      ]}
    />
  );
}

function passRate({ passes, fails }: CheckResult): number {
  return passes / Math.max(1, passes + fails);
}

/** The metrics of the scenario. Their units are unknown, so values have none. */
export function MetricsTable({ metrics }: { readonly metrics: readonly MetricResult[] }) {
  return (
    <DataTable<MetricResult>
      id="metrics"
      title="Custom metrics"
      rows={metrics}
      columns={[
        { title: 'Metric', cell: (row) => taggedLabel(row) },
        { title: 'Kind', cell: (row) => <span class="tag">{row.kind}</span>, sortBy: (row) => row.kind },
        { title: 'Value', cell: (row) => <strong>{valueOf(row)}</strong>, sortBy: weightOf },
        { title: 'Detail', cell: (row) => <Muted>{detailOf(row)}</Muted>, sortBy: detailOf },
      ]}
    />
  );
}

function valueOf(metric: MetricResult): string {
  return metric.kind === 'rate' ? formatShare(metric.hits, metric.total) : formatNumber(weightOf(metric));
}

function weightOf(metric: MetricResult): number {
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

function detailOf(metric: MetricResult): string {
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

/** Opened connections by negotiated protocol, with the time it took to open them. */
export function Connections({ connections }: { readonly connections: readonly ConnectionResult[] }) {
  const most = connections.reduce((max, row) => Math.max(max, row.opened), 1);
  const withTls = connections.some((row) => row.tlsMs !== undefined);
  return (
    <DataTable<ConnectionResult>
      id="connections"
      title="Connections"
      rows={connections.toSorted((a, b) => b.opened - a.opened)}
      columns={[
        { title: 'Protocol', cell: (row) => row.protocol },
        withTls && { title: 'TLS', cell: (row) => row.tlsVersion || NONE },
        withTls && { title: 'Cipher', cell: (row) => row.cipher || NONE },
        withTls && { title: 'Handshake', cell: (row) => (row.tlsMs ? row.handshake : NONE) },
        {
          title: 'Opened',
          cell: (row) => formatCount(row.opened),
          sortBy: (row) => row.opened,
          share: (row) => row.opened / most,
        },
        ...timeColumns('DNS', (row) => row.dnsMs),
        ...timeColumns('TCP', (row) => row.tcpMs),
        ...(withTls ? timeColumns('TLS', (row) => row.tlsMs) : []),
      ]}
    />
  );
}

const NONE = '–';

function timeColumns(
  step: string,
  of: (row: ConnectionResult) => LatencyResult | undefined,
): Column<ConnectionResult>[] {
  return (['p50', 'p99', 'max'] as const).map((figure) => ({
    title: `${step} ${figure}`,
    cell: (row) => {
      const ms = of(row)?.[figure];
      return ms === undefined ? NONE : formatMs(ms);
    },
    sortBy: (row) => of(row)?.[figure] ?? 0,
  }));
}
