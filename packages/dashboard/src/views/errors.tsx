import { formatCount, formatInstant } from '../format.js';
import { usePolled } from '../parts/poll.js';
import type { RunSource } from '../run/run-source.js';
import { SeriesName } from './series-table.js';

/** Errors of requests with samples, and exceptions with their stacks. */
export function Errors({ run }: { readonly run: RunSource }) {
  const isOver = run.connection.value === 'ended';
  const { value, error } = usePolled(() => run.reads.errors(), isOver ? 0 : 2_000, [run, isOver]);
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  const { errors, exceptions } = value;
  if (errors.length + exceptions.length === 0) return <p class="muted empty">Nothing has failed.</p>;
  return (
    <>
      {errors.length > 0 && (
        <section class="card" aria-label="Errors">
          <h2>
            Errors <span class="count">{formatCount(errors.length)} kinds</span>
          </h2>
          {errors.map((one) => (
            <details
              class="failure"
              key={JSON.stringify([one.method, one.name, one.user, one.tags, one.error])}
            >
              <summary>
                <span class="times">{formatCount(one.occurrences)} ×</span> <strong>{one.error}</strong>{' '}
                <SeriesName series={{ ...one, tags: one.tags ?? {} }} />
              </summary>
              <p class="muted">
                First at {formatInstant(one.firstSeenAt)}, last at {formatInstant(one.lastSeenAt)}
                {one.example !== undefined && <>: {one.example}</>}
              </p>
              {one.samples?.map(({ at, request, response }) => (
                <div class="sample" key={at + request}>
                  <p class="muted">{formatInstant(at)}</p>
                  <pre>{request}</pre>
                  <pre>{response ?? 'There was no response.'}</pre>
                </div>
              ))}
            </details>
          ))}
        </section>
      )}
      {exceptions.length > 0 && (
        <section class="card" aria-label="Exceptions">
          <h2>Exceptions of the scenario</h2>
          {exceptions.map(({ user, task, message, stack, occurrences, place }) => (
            <details class="failure" key={user + task + message}>
              <summary>
                <span class="times">{formatCount(occurrences)} ×</span> <strong>{message}</strong>{' '}
                <span class="muted">
                  {user}, {task} {place}
                </span>
              </summary>
              <pre>{stack}</pre>
            </details>
          ))}
        </section>
      )}
    </>
  );
}
