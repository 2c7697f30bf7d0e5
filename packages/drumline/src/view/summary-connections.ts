import type { ConnectionResult, RunResult } from '@drumline/wire';
import { formatCount, formatMs } from './format.js';
import type { Colors } from './options.js';
import { limitLines } from './summary-parts.js';
import { type Cell, fits, renderTable } from './table.js';
import { oneLine } from './text.js';

interface Column {
  readonly title: string;
  /** Milliseconds; 0 or undefined if connections of this kind lack the step. */
  readonly ms: (row: ConnectionResult) => number | undefined;
}

const COLUMNS: readonly Column[] = [
  { title: 'dns p99', ms: (row) => row.dnsMs.p99 },
  { title: 'tcp p50', ms: (row) => row.tcpMs.p50 },
  { title: 'tcp p99', ms: (row) => row.tcpMs.p99 },
  { title: 'tls p50', ms: (row) => row.tlsMs?.p50 },
  { title: 'tls p99', ms: (row) => row.tlsMs?.p99 },
];

/** Columns that a narrow terminal omits, in this order. */
const LEFT_OUT = ['tcp p99', 'tls p99', 'dns p99'];

/** Desired width of the first column. */
const ROOM_FOR_NAMES = 42;

const MAX_LINES = 12;

/** Opened connections: a line per kind, the most frequent first. */
export function connectionLines(
  { connections = [] }: Pick<RunResult, 'connections'>,
  colors: Colors,
  width: number,
): string[] {
  if (connections.length === 0) return [];
  const rows = connections.toSorted((a, b) => b.opened - a.opened);
  const measured = COLUMNS.filter(({ ms }) => rows.some((row) => ms(row)));
  const narrower = LEFT_OUT.map((_, i) => LEFT_OUT.slice(0, i + 1));
  const tables = [[], ...narrower].map((out) =>
    tableOf(
      rows,
      measured.filter(({ title }) => !out.includes(title)),
      colors,
    ),
  );
  const table = tables.find((cells) => fits(cells, width, ROOM_FOR_NAMES)) ?? tables.at(-1)!;
  return limitLines(MAX_LINES, renderTable(table, width));
}

function tableOf(rows: readonly ConnectionResult[], columns: readonly Column[], colors: Colors): Cell[][] {
  const titles = ['opened', ...columns.map(({ title }) => title)];
  return [
    [{ text: 'Connections', paint: colors.bold }, ...titles.map((text) => ({ text, paint: colors.dim }))],
    ...rows.map((row) => [
      { text: kindOf(row) },
      { text: formatCount(row.opened) },
      ...columns.map(({ ms }) => ({ text: formatTime(ms(row)) })),
    ]),
  ];
}

/** The kind of a connection: `h2 TLSv1.3 TLS_AES_256_GCM_SHA384 resumed`, `http/1.1`. */
function kindOf({ protocol, tlsVersion, cipher, handshake }: ConnectionResult): string {
  const agreed = handshake === 'full' || handshake === 'resumed' ? [tlsVersion, cipher, handshake] : [];
  return oneLine([protocol, ...agreed].join(' '));
}

function formatTime(ms: number | undefined): string {
  return ms === undefined ? '–' : formatMs(ms);
}
