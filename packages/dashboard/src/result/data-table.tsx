import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { isInteractive } from '../parts/medium.js';

/** A column of a table. The reader can sort by it. */
export interface Column<Row> {
  readonly title: ComponentChildren;
  readonly cell: (row: Row) => ComponentChildren;
  /** Number or text to sort by. Default: the text of the cell. Numbers are aligned to the right. */
  readonly sortBy?: (row: Row) => number | string;
  /** Content of the last row. */
  readonly foot?: ComponentChildren;
  /** The share of the row, 0 to 1, drawn as a bar under the number. */
  readonly share?: (row: Row) => number;
}

interface Props<Row> {
  readonly id: string;
  readonly title: string;
  /** A sentence above the table. */
  readonly intro?: string;
  readonly rows: readonly Row[];
  readonly columns: readonly (Column<Row> | false)[];
}

/** Tables with at least this many rows have a filter. */
const FILTER_FROM = 12;

interface Order {
  readonly column: number;
  readonly isDown: boolean;
}

/** A card with a table, whose first column names the row. Nothing without rows. */
export function DataTable<Row>({ id, title, intro, rows, columns }: Props<Row>) {
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const [wanted, setWanted] = useState('');
  if (rows.length === 0) return null;
  const shown = columns.filter((column) => column !== false);
  const found = wanted === '' ? rows : rows.filter((row) => textOf(shown, row).includes(wanted));
  const sorted = order ? sortedBy(found, shown[order.column]!, order.isDown) : found;
  const isNumeric = shown.map(({ sortBy }) => sortBy !== undefined && typeof sortBy(rows[0]!) === 'number');
  const sort = (column: number): void => {
    const isDown = order?.column === column ? !order.isDown : isNumeric[column]!;
    setOrder({ column, isDown });
  };
  const count = found.length === rows.length ? rows.length : `${found.length} of ${rows.length}`;
  return (
    <section class="card" aria-labelledby={id}>
      <div class="bar">
        <h2 id={id}>
          {title} <span class="count">{count}</span>
        </h2>
        {isInteractive.value && rows.length >= FILTER_FROM && (
          <input
            type="search"
            class="screen-only"
            placeholder="Filter"
            aria-label={`Filter ${title}`}
            onInput={({ currentTarget }) => setWanted(currentTarget.value.trim().toLowerCase())}
          />
        )}
      </div>
      {intro !== undefined && <p class="intro">{intro}</p>}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <table>
          <thead>
            <tr>
              {shown.map((column, index) => (
                <Heading
                  key={index}
                  title={column.title}
                  isNumeric={isNumeric[index]!}
                  isDown={order?.column === index ? order.isDown : undefined}
                  onSort={() => sort(index)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row, index) => (
              <tr key={index}>
                {shown.map((column, number) => (
                  <Cell
                    key={number}
                    column={column}
                    row={row}
                    isName={number === 0}
                    isNumeric={isNumeric[number]!}
                  />
                ))}
              </tr>
            ))}
          </tbody>
          {shown.some(({ foot }) => foot !== undefined) && (
            <tfoot>
              <tr>
                {shown.map(({ foot }, index) =>
                  index === 0 ? (
                    <th scope="row" key={index}>
                      {foot}
                    </th>
                  ) : (
                    <td class={isNumeric[index] ? 'num' : undefined} key={index}>
                      {foot}
                    </td>
                  ),
                )}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}

interface HeadingProps {
  readonly title: ComponentChildren;
  readonly isNumeric: boolean;
  /** Undefined if the table is not sorted by this column. */
  readonly isDown: boolean | undefined;
  readonly onSort: () => void;
}

function Heading({ title, isNumeric, isDown, onSort }: HeadingProps) {
  const sort = isDown === undefined ? undefined : isDown ? 'descending' : 'ascending';
  return (
    <th scope="col" class={isNumeric ? 'num' : undefined} aria-sort={sort}>
      {isInteractive.value ? (
        <button type="button" onClick={onSort}>
          {title}
        </button>
      ) : (
        title
      )}
    </th>
  );
}

interface CellProps<Row> {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly isName: boolean;
  readonly isNumeric: boolean;
}

function Cell<Row>({ column: { cell, share }, row, isName, isNumeric }: CellProps<Row>) {
  if (isName) return <th scope="row">{cell(row)}</th>;
  return (
    <td class={isNumeric ? 'num' : undefined}>
      {cell(row)}
      {share && <Bar share={share(row)} />}
    </td>
  );
}

/** A bar without a style attribute, which the policy of a report would refuse. */
function Bar({ share }: { readonly share: number }) {
  const width = Math.round(Math.min(1, share) * 1_000) / 10;
  return (
    <svg
      class="share"
      width="100%"
      height="2"
      viewBox="0 0 100 2"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect x={100 - width} width={width} height="2" fill="#2f62e0" />
    </svg>
  );
}

/** What a filter searches. */
function textOf<Row>(columns: readonly Column<Row>[], row: Row): string {
  return columns
    .map((column) => keyOf(column, row))
    .join('\n')
    .toLowerCase();
}

function keyOf<Row>({ cell, sortBy }: Column<Row>, row: Row): number | string {
  if (sortBy) return sortBy(row);
  const content = cell(row);
  return typeof content === 'string' || typeof content === 'number' ? content : '';
}

function sortedBy<Row>(rows: readonly Row[], column: Column<Row>, isDown: boolean): readonly Row[] {
  const sign = isDown ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [keyOf(column, one), keyOf(column, other)];
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
  });
}
