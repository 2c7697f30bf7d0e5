import type { ErrorResult, ErrorsView } from '@drumline/client';
import { formatCount, formatShare } from '@drumline/model';
import { Instant } from '../parts/instant.js';
import { usePolled } from '../parts/poll.js';
import { SeriesName } from '../parts/series-name.js';
import type { RunSource } from '../run/run-source.js';

/** Errors of requests with samples, and exceptions with their stacks. */
export function Errors({ run }: { readonly run: RunSource }) {
  const isOver = run.connection.value === 'ended';
  const { value, error } = usePolled(() => run.reads.errors(), isOver ? 0 : 2_000, [run, isOver]);
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  if (value.errors.length + value.exceptions.length === 0)
    return <p class="muted empty">Nothing has failed.</p>;
  return (
    <>
      <RequestErrors errors={value.errors} />
      <Exceptions exceptions={value.exceptions} />
    </>
  );
}

/** The errors of requests, the most frequent first. */
export function RequestErrors({ errors }: Pick<ErrorsView, 'errors'>) {
  if (errors.length === 0) return null;
  const rows = errors.toSorted((a, b) => b.occurrences - a.occurrences);
  const all = rows.reduce((sum, { occurrences }) => sum + occurrences, 0);
  return (
    <section class="card" aria-labelledby="errors">
      <h2 id="errors">
        Errors <span class="count">{formatCount(errors.length)}</span>
      </h2>
      {rows.map((one) => (
        <RequestError
          key={JSON.stringify([one.method, one.name, one.user, one.tags, one.error])}
          error={one}
          share={formatShare(one.occurrences, all)}
        />
      ))}
    </section>
  );
}

interface ErrorProps {
  readonly error: ErrorResult;
  readonly share: string;
}

function RequestError({ error, share }: ErrorProps) {
  const { occurrences, firstSeenAt, lastSeenAt, example, samples = [] } = error;
  return (
    <details class="failure">
      <summary>
        <span class="times">{formatCount(occurrences)} ×</span> <small class="muted">{share}</small>{' '}
        <strong>{error.error}</strong> <SeriesName series={error} />
      </summary>
      <p class="muted">
        First at <Instant at={firstSeenAt} />, last at <Instant at={lastSeenAt} />
        {example !== undefined && <>: {example}</>}
      </p>
      {samples.map(({ at, request, response }) => (
        <div class="sample" key={at + request}>
          <p class="muted">
            <Instant at={at} />
          </p>
          <pre tabIndex={0}>{request}</pre>
          <pre tabIndex={0}>{response ?? 'There was no response.'}</pre>
        </div>
      ))}
    </details>
  );
}

/** The exceptions that the scenario threw, the most frequent one with its stack shown. */
function Exceptions({ exceptions }: Pick<ErrorsView, 'exceptions'>) {
  if (exceptions.length === 0) return null;
  const rows = exceptions.toSorted((a, b) => b.occurrences - a.occurrences);
  return (
    <section class="card" aria-labelledby="exceptions">
      <h2 id="exceptions">
        Exceptions in the scenario <span class="count">{formatCount(rows.length)}</span>
      </h2>
      {rows.map(({ user, task, message, stack, occurrences, place, firstSeenAt, lastSeenAt }, index) => (
        <details class="failure" key={user + task + message} open={index === 0}>
          <summary>
            <span class="times">{formatCount(occurrences)} ×</span> <strong>{message}</strong>{' '}
            <span class="muted">{[user, task, place].filter(Boolean).join(' › ')}</span>
          </summary>
          <p class="muted">
            First at <Instant at={firstSeenAt} />, last at <Instant at={lastSeenAt} />
          </p>
          <pre tabIndex={0}>{stack}</pre>
        </details>
      ))}
    </section>
  );
}
