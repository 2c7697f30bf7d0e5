import type { MetricResult } from '@drumline/client';
import { formatCount, formatMs, formatNumber, formatRate, formatShare } from '../format.js';
import { Tags } from '../parts/tags.js';
import { usePolled } from '../parts/poll.js';
import type { RunSource } from '../run/run-source.js';

/** Checks, metrics of the scenario, and connections. */
export function Checks({ run }: { readonly run: RunSource }) {
  const isOver = run.connection.value === 'ended';
  const { value, error } = usePolled(() => run.reads.counts(), isOver ? 0 : 2_000, [run, isOver]);
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  const { checks, metrics, connections = [] } = value;
  return (
    <>
      <Table
        title="Checks"
        empty="The scenario has no checks."
        headings={['Check', 'Passed', 'Failed', 'Share']}
      >
        {checks.map(({ name, tags, passes, fails }) => (
          <tr key={name + JSON.stringify(tags)} class={fails > 0 ? 'failing' : ''}>
            <th scope="row">
              {name} <Tags tags={tags} />
            </th>
            <td class="num">{formatCount(passes)}</td>
            <td class="num">{formatCount(fails)}</td>
            <td class="num">{passes + fails === 0 ? '–' : formatShare(passes / (passes + fails))}</td>
          </tr>
        ))}
      </Table>
      <Table
        title="Metrics"
        empty="The scenario has no metrics of its own."
        headings={['Metric', 'Kind', 'Value']}
      >
        {metrics.map((metric) => (
          <tr key={metric.name + JSON.stringify(metric.tags)}>
            <th scope="row">
              {metric.name} <Tags tags={metric.tags} />
            </th>
            <td class="num">{metric.kind}</td>
            <td class="num">{valueOf(metric)}</td>
          </tr>
        ))}
      </Table>
      <Table
        title="Connections"
        empty="No connection was opened."
        headings={['Protocol', 'Opened', 'DNS p95', 'TCP p95', 'TLS p95']}
      >
        {connections.map(({ protocol, tlsVersion, cipher, handshake, opened, dnsMs, tcpMs, tlsMs }) => (
          <tr key={[protocol, tlsVersion, cipher, handshake].join()}>
            <th scope="row">
              {protocol} {tlsVersion}{' '}
              <span class="muted">{handshake === 'none' ? '' : `${cipher} ${handshake}`}</span>
            </th>
            <td class="num">{formatCount(opened)}</td>
            <td class="num">{formatMs(dnsMs.p95)}</td>
            <td class="num">{formatMs(tcpMs.p95)}</td>
            <td class="num">{tlsMs ? formatMs(tlsMs.p95) : '–'}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

interface TableProps {
  readonly title: string;
  readonly empty: string;
  readonly headings: readonly string[];
  readonly children: preact.JSX.Element[];
}

export function Table({ title, empty, headings, children }: TableProps) {
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      {children.length === 0 ? (
        <p class="muted">{empty}</p>
      ) : (
        <div class="scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {headings.map((heading, index) => (
                  <th scope="col" class={index === 0 ? 'text' : 'num text'} key={heading}>
                    {heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function valueOf(metric: MetricResult): string {
  switch (metric.kind) {
    case 'counter':
      return `${formatNumber(metric.sum)} (${formatRate(metric.rate)})`;
    case 'gauge':
      return `${formatNumber(metric.last)} (${formatNumber(metric.min)} to ${formatNumber(metric.max)})`;
    case 'rate':
      return `${formatShare(metric.rate)} of ${formatCount(metric.total)}`;
    case 'trend': {
      const { p50, p95, p99, max } = metric.values;
      return `p50 ${formatNumber(p50)}, p95 ${formatNumber(p95)}, p99 ${formatNumber(p99)}, max ${formatNumber(max)}`;
    }
  }
}
