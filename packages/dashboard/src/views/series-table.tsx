import type { ListedSeries } from '@drumline/client';
import { useRef, useState } from 'preact/hooks';
import { formatCount } from '../format.js';
import { isInteractive } from '../parts/medium.js';
import { SeriesName } from '../parts/series-name.js';
import { route, setQuery } from '../route.js';
import type { RunSource } from '../run/run-source.js';
import { linkToSeries } from './series/open-series.js';
import { CopyButtons } from './series/copy-buttons.js';
import { PinButton } from './series/pin-button.js';
import { COLUMNS, type Column, SHOWN, SHOWN_WHOLE } from './series/table-columns.js';
import { useWindow } from './series/use-window.js';
import { Problem } from '../parts/problem.js';

const ROW_PX = 34;
/** Rows that are drawn above and below what is visible. */
const SPARE_ROWS = 10;
/** What is read begins at a multiple of this, so that scrolling a little reads nothing anew. */
const STEP_ROWS = 30;

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
  const { lackingCharts, isTimed = () => true } = run.reads;
  const shown = COLUMNS.filter(({ field }) => columns.split(',').includes(field));
  const visible = Math.ceil((frame.current?.clientHeight ?? 600) / ROW_PX) + 2 * SPARE_ROWS;
  const first = isWhole ? 0 : Math.max(0, Math.floor(top / ROW_PX) - SPARE_ROWS);
  const offset = first - (first % STEP_ROWS);
  const { value, error } = useWindow(run, { filter, sort, offset, limit: visible + STEP_ROWS });
  const { total, rows } = value ?? { total: 0, rows: [] };
  const last = isWhole ? total : Math.min(total, first + visible);
  // What has not been read yet has an empty row.
  const drawn = Array.from(
    { length: Math.max(0, last - first) },
    (_, index) => rows[first + index - value!.offset],
  );
  const totals = isWhole ? run.result.value?.totals : undefined;
  const below = Math.max(0, total - last);
  return (
    <section class="card" aria-labelledby="series">
      <div class="bar">
        <h2 id="series">
          Series <span class="count">{value ? formatCount(total) : ''}</span>
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
              <CopyButtons shown={shown} read={() => run.reads.series(filter, sort)} />
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
        <table aria-rowcount={isWhole ? undefined : total + 1}>
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
              <SeriesRow
                key={series?.id ?? first + index}
                series={series}
                place={isWhole ? undefined : first + index + 2}
                shown={shown}
                mayPin={isInteractive.value && series !== undefined && isTimed(series.id)}
              />
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
        {value?.total === 0 && <p class="muted empty">No series match.</p>}
      </div>
    </section>
  );
}

interface RowProps {
  /** Absent while it is being read. */
  readonly series: ListedSeries | undefined;
  /** In the whole table, from 1; absent if all of it is in the document. */
  readonly place: number | undefined;
  readonly shown: readonly Column[];
  readonly mayPin: boolean;
}

function SeriesRow({ series, place, shown, mayPin }: RowProps) {
  if (!series)
    return (
      <tr aria-rowindex={place} style={{ height: `${ROW_PX}px` }}>
        <td class="muted" colSpan={shown.length + 1}>
          …
        </td>
      </tr>
    );
  return (
    <tr aria-rowindex={place} class={series.failures > 0 ? 'failing' : ''}>
      <th scope="row">
        {mayPin && <PinButton series={series} />}
        <OpenSeries series={series} />
      </th>
      {shown.map(({ field, read }) => (
        <td class="num" key={field}>
          {read(series)}
        </td>
      ))}
    </tr>
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
