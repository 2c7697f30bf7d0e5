import type { MasterClient, RunView } from '@drumline/client';
import { usePolled } from '../../parts/poll.js';

interface Props {
  readonly master: MasterClient;
  /** The run as the page knows it, which may be older. */
  readonly run: RunView;
}

/** Where a run is in the queue, what it waits for, and what is before it. */
export function QueuePlace({ master, run }: Props) {
  const { value: runs } = usePolled(async () => (await master.runs({ state: ['active'] })).runs, 1_000, [
    master,
    run.runId,
  ]);
  const now = runs?.find(({ runId }) => runId === run.runId) ?? run;
  const { position, waitingFor } = now;
  if (position === undefined) return null;
  const waiting = (runs ?? []).filter((one) => one.position !== undefined);
  const before = (runs ?? [])
    .filter((one) => one.runId !== run.runId && (one.position ?? 0) < position)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
  return (
    <section class="card queue-place" aria-label="Place in the queue">
      <h2>
        Place {position} of {Math.max(waiting.length, position)} in the queue
      </h2>
      {waitingFor !== undefined && <p role="status">It waits: {waitingFor}.</p>}
      {before.length > 0 && (
        <>
          <p class="muted">Before it:</p>
          <ol>
            {before.map(({ runId, scenario, state }) => (
              <li key={runId}>
                <a href={`#/run/${runId}/overview`}>{scenario}</a> <code>{runId.slice(0, 8)}</code>, {state}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
