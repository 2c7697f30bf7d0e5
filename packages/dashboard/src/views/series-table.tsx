import type { ListedSeries, SeriesResult, TotalsResult } from '@drumline/client';
import { useRef, useState } from 'preact/hooks';
import { formatBytes, formatCount, formatMs, formatRate, formatShare } from '../format.js';
import { isInteractive } from '../parts/medium.js';
import { nameText, SeriesName } from '../parts/series-name.js';
import { copyText } from '../parts/copy.js';
import { usePolled } from '../parts/poll.js';
import { route, setQuery } from '../route.js';
import type { RunSource } from '../run/run-source.js';
import { linkToSeries } from './series/open-series.js';
import { PinButton } from './series/pin-button.js';
import { Problem } from '../parts/problem.js';

interface Column {
  /** As the control API sorts by it. */
  readonly field: string;
  readonly title: string;
  readonly read: (series: TotalsResult) => string;
}

const COLUMNS: readonly Column[] = [
  { field: 'requests', title: 'Requests', read: ({ requests }) => formatCount(requests) },
  { field: 'failures', title: 'Failures', read: ({ failures }) => formatCount(failures) },
  {
    field: 'share',
    title: 'Share',
    read: ({ failures, requests }) => (requests === 0 ? '–' : formatShare(failures / requests)),
  },
  { field: 'rate', title: 'Rate', read: ({ rate }) => formatRate(rate) },
  { field: 'mean', title: 'Mean', read: ({ latencyMs }) => formatMs(latencyMs.mean) },
  { field: 'p50', title: 'p50', read: ({ latencyMs }) => formatMs(latencyMs.p50) },
  { field: 'p90', title: 'p90', read: ({ latencyMs }) => formatMs(latencyMs.p90) },
  { field: 'p95', title: 'p95', read: ({ latencyMs }) => formatMs(latencyMs.p95) },
  { field: 'p99', title: 'p99', read: ({ latencyMs }) => formatMs(latencyMs.p99) },
  { field: 'p99.9', title: 'p99.9', read: ({ latencyMs }) => formatMs(latencyMs.p99_9) },
  { field: 'max', title: 'Max', read: ({ latencyMs }) => formatMs(latencyMs.max) },
  { field: 'sent', title: 'Sent', read: ({ bytesSent }) => formatBytes(bytesSent) },
  { field: 'received', title: 'Received', read: ({ bytesReceived }) => formatBytes(bytesReceived) },
];
const SHOWN = 'requests,failures,rate,mean,p50,p95,p99,max';
/** Of a table that is not for reading on the spot only. */
const SHOWN_WHOLE = 'requests,failures,share,rate,mean,p50,p90,p95,p99,p99.9,max,received';
const ROW_PX = 34;
/** Rows that are drawn above and below what is visible. */
const SPARE_ROWS = 10;
const EVERY_MS = 2_000;

interface Props {
  readonly run: RunSource;
  /** Whether all rows are in the document, with the totals below, for paper and without scripts. */
  readonly isWhole?: boolean;
}

/** All series of the run. Usually only visible rows are in the document. */
export function SeriesTable({ run, isWhole = false }: Props) {
  const { filter = '', sort = '-requests', columns = isWhole ? SHOWN_WHOLE : SHOWN } = route.value.query;
  const [top, setTop] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const isOver = run.connection.value === 'ended';
  const { value, error } = usePolled(() => run.reads.series(filter, sort), isOver ? 0 : EVERY_MS, [
    run,
    filter,
    sort,
    isOver,
  ]);
  const { lackingCharts, isTimed = () => true } = run.reads;
  const shown = COLUMNS.filter(({ field }) => columns.split(',').includes(field));
  const rows = value ?? [];
  const visible = Math.ceil((frame.current?.clientHeight ?? 600) / ROW_PX);
  const first = isWhole ? 0 : Math.max(0, Math.floor(top / ROW_PX) - SPARE_ROWS);
  const drawn = isWhole ? rows : rows.slice(first, first + visible + 2 * SPARE_ROWS);
  const totals = isWhole ? run.result.value?.totals : undefined;
  const below = Math.max(0, rows.length - first - drawn.length);
  return (
    <section class="card" aria-labelledby="series">
      <div class="bar">
        <h2 id="series">
          Series <span class="count">{value ? formatCount(value.length) : ''}</span>
        </h2>
        {isInteractive.value && (
          <>
            <input
              class="screen-only"
              type="search"
              aria-label="Filter series"
              placeholder="POST tier=gold p95>300"
              value={filter}
              onInput={({ currentTarget }) => setQuery('filter', currentTarget.value)}
            />
            <span class="buttons screen-only">
              <ColumnMenu columns={columns} />
              <button type="button" onClick={() => void copyText(asMarkdown(rows, shown), 'Table')}>
                Copy as Markdown
              </button>
              <button type="button" onClick={() => void copyText(asCsv(rows, shown), 'Table')}>
                Copy as CSV
              </button>
            </span>
          </>
        )}
      </div>
      <Problem>{error}</Problem>
      {isWhole && isInteractive.value && (
        <p class="intro screen-only">Click a name for the page of the series.</p>
      )}
      {lackingCharts !== undefined && <p class="intro">{lackingCharts}</p>}
      <div
        class={isWhole ? 'scroll' : 'scroll series'}
        ref={frame}
        tabIndex={0}
        role="group"
        aria-labelledby="series"
        onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      >
        <table aria-rowcount={isWhole ? undefined : rows.length + 1}>
          <thead>
            <tr>
              <SortHeading field="name" title="Series" sort={sort} isText />
              {shown.map(({ field, title }) => (
                <SortHeading key={field} field={field} title={title} sort={sort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {first > 0 && <tr aria-hidden="true" style={{ height: `${first * ROW_PX}px` }} />}
            {drawn.map((series, index) => (
              <tr
                key={series.id}
                aria-rowindex={isWhole ? undefined : first + index + 2}
                class={series.failures > 0 ? 'failing' : ''}
              >
                <th scope="row">
                  {isInteractive.value && isTimed(series.id) && <PinButton series={series} />}
                  <OpenSeries series={series} />
                </th>
                {shown.map(({ field, read }) => (
                  <td class="num" key={field}>
                    {read(series)}
                  </td>
                ))}
              </tr>
            ))}
            {below > 0 && <tr aria-hidden="true" style={{ height: `${below * ROW_PX}px` }} />}
          </tbody>
          {totals && (
            <tfoot>
              <tr>
                <th scope="row">All requests</th>
                {shown.map(({ field, read }) => (
                  <td class="num" key={field}>
                    {read(totals)}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
        {value?.length === 0 && <p class="muted empty">No series match.</p>}
      </div>
    </section>
  );
}

/** The name of a series, which opens its page. */
function OpenSeries({ series }: { readonly series: ListedSeries }) {
  if (!isInteractive.value) return <SeriesName series={series} />;
  return (
    <a class="link" href={linkToSeries(series.id)}>
      <SeriesName series={series} />
    </a>
  );
}

interface HeadingProps {
  readonly field: string;
  readonly title: string;
  readonly sort: string;
  readonly isText?: boolean;
}

function SortHeading({ field, title, sort, isText = false }: HeadingProps) {
  const isOwn = sort.replace(/^-/, '') === field;
  const isDown = sort.startsWith('-');
  const next = isOwn ? (isDown ? field : `-${field}`) : isText ? field : `-${field}`;
  return (
    <th
      scope="col"
      class={isText ? '' : 'num'}
      aria-sort={isOwn ? (isDown ? 'descending' : 'ascending') : undefined}
    >
      {isInteractive.value ? (
        <button type="button" onClick={() => setQuery('sort', next)}>
          {title}
        </button>
      ) : (
        title
      )}
    </th>
  );
}

function ColumnMenu({ columns }: { readonly columns: string }) {
  const chosen = columns.split(',');
  const toggle = (field: string): void => {
    const next = chosen.includes(field) ? chosen.filter((one) => one !== field) : [...chosen, field];
    setQuery('columns', next.join(','));
  };
  return (
    <details class="menu">
      <summary>Columns</summary>
      <fieldset>
        <legend class="hidden">Columns</legend>
        {COLUMNS.map(({ field, title }) => (
          <label key={field}>
            <input type="checkbox" checked={chosen.includes(field)} onChange={() => toggle(field)} /> {title}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

function asMarkdown(rows: readonly SeriesResult[], shown: readonly Column[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = [
    ['Series', ...shown.map(({ title }) => title)],
    [':--', ...shown.map(() => '--:')],
    ...rows.map((row) => [cell(nameText(row)), ...shown.map(({ read }) => read(row))]),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function asCsv(rows: readonly SeriesResult[], shown: readonly Column[]): string {
  // Spreadsheets run a cell that begins like a formula.
  const cell = (text: string): string => `"${text.replace(/^[=+\-@]/, "'$&").replaceAll('"', '""')}"`;
  const lines = [
    ['Series', ...shown.map(({ title }) => title)],
    ...rows.map((row) => [nameText(row), ...shown.map(({ read }) => read(row))]),
  ];
  return lines.map((line) => line.map(cell).join(',')).join('\n');
}
