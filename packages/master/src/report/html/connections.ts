import type { ConnectionResult, LatencyResult, RunResult } from '@drumline/wire';
import { formatCount, formatMs } from '../format.js';
import { type Markup, markup } from './markup.js';
import { type Column, renderTable } from './table.js';

/** Renders opened connections by negotiated protocol, with the time it took to open them. */
export function renderConnections({ connections = [] }: RunResult): Markup | false {
  const most = connections.reduce((max, row) => Math.max(max, row.opened), 1);
  const withTls = connections.some((row) => row.tlsMs !== undefined);
  return renderTable<ConnectionResult>({
    id: 'connections',
    title: 'Connections',
    rows: connections.toSorted((a, b) => b.opened - a.opened),
    columns: [
      { title: 'Protocol', cell: (row) => row.protocol },
      withTls && { title: 'TLS', cell: (row) => row.tlsVersion || none },
      withTls && { title: 'Cipher', cell: (row) => row.cipher || none },
      withTls && { title: 'Handshake', cell: (row) => (row.tlsMs ? row.handshake : none) },
      {
        title: 'Opened',
        cell: (row) => formatCount(row.opened),
        sortBy: (row) => row.opened,
        share: (row) => row.opened / most,
      },
      ...times('DNS', (row) => row.dnsMs),
      ...times('TCP', (row) => row.tcpMs),
      ...(withTls ? times('TLS', (row) => row.tlsMs) : []),
    ],
  });
}

const none = markup`<span class="muted">–</span>`;

function times(
  step: string,
  of: (row: ConnectionResult) => LatencyResult | undefined,
): Column<ConnectionResult>[] {
  return (['p50', 'p99', 'max'] as const).map((figure) => ({
    title: `${step} ${figure}`,
    cell: (row) => {
      const ms = of(row)?.[figure];
      return ms === undefined ? none : formatMs(ms);
    },
    sortBy: (row) => of(row)?.[figure] ?? 0,
  }));
}
