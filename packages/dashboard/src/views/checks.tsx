import { usePolled } from '../parts/poll.js';
import { ChecksTable, Connections, MetricsTable } from '../result/counted.js';
import type { RunSource } from '../run/run-source.js';

/** Checks, metrics of the scenario, and connections. */
export function Checks({ run }: { readonly run: RunSource }) {
  const isOver = run.connection.value === 'ended';
  const { value, error } = usePolled(() => run.reads.metrics(), isOver ? 0 : 2_000, [run, isOver]);
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  const { checks, metrics, connections = [] } = value;
  if (checks.length + metrics.length + connections.length === 0)
    return <p class="muted empty">The scenario has no checks and no metrics of its own.</p>;
  return (
    <>
      <ChecksTable checks={checks} />
      <MetricsTable metrics={metrics} />
      <Connections connections={connections} />
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
