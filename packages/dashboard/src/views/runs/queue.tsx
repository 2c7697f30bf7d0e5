import type { MasterClient, RunView } from '@drumline/client';
import { useState } from 'preact/hooks';
import { formatInstant } from '../../format.js';
import { Confirm } from '../../parts/confirm.js';
import { Tags } from '../../parts/tags.js';

interface Props {
  /** Those that have not ended, the first of the queue first. */
  readonly runs: readonly RunView[];
  readonly master: MasterClient;
  readonly maySteer: boolean;
}

/** Runs in progress, then those that wait, in the order in which they will get their workers. */
export function Queue({ runs, master, maySteer }: Props) {
  const [canceled, setCanceled] = useState<RunView | undefined>(undefined);
  const sorted = runs.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const waiting = sorted.filter(({ position }) => position !== undefined).length;
  return (
    <section class="card" aria-label="Queue">
      <div class="bar">
        <h2>
          In progress and waiting <span class="count">{runs.length}</span>
        </h2>
        {maySteer && (
          <a class="button primary" href="#/new" data-key="n">
            New run
          </a>
        )}
      </div>
      {runs.length === 0 ? (
        <p class="muted">No run is in progress, and none waits.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of runs in progress">
          <table>
            <thead>
              <tr>
                {['Scenario', 'State', 'Waits for', 'Workers', 'Submitted', 'Labels', 'Action'].map(
                  (heading) => (
                    <th scope="col" class="text" key={heading}>
                      {heading}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {sorted.map((run) => (
                <tr key={run.runId}>
                  <th scope="row">
                    <a href={`#/run/${run.runId}/overview`}>{run.scenario}</a>{' '}
                    <code>{run.runId.slice(0, 8)}</code>
                  </th>
                  <td>{run.position === undefined ? run.state : `place ${run.position} of ${waiting}`}</td>
                  <td class="wrap">{run.waitingFor ?? '–'}</td>
                  <td>{run.workersWanted}</td>
                  <td>{formatInstant(run.submittedAt)}</td>
                  <td>
                    <Tags tags={run.labels} />
                  </td>
                  <td>
                    {maySteer && run.position !== undefined && (
                      <button
                        type="button"
                        aria-label={`Cancel ${run.scenario} ${run.runId.slice(0, 8)}`}
                        onClick={() => setCanceled(run)}
                      >
                        Cancel…
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {canceled && (
        <Confirm
          title="Cancel the run?"
          text={`${canceled.scenario} (${canceled.runId.slice(0, 8)}) leaves the queue, and never starts.`}
          verb="Cancel the run"
          act={async () => (await master.run(canceled.runId).cancel()).message}
          onClose={() => setCanceled(undefined)}
        />
      )}
    </section>
  );
}
