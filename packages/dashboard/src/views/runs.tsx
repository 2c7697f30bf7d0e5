import type { MasterClient, RunView } from '@drumline/client';
import { useState } from 'preact/hooks';
import { formatClock, formatInstant } from '../format.js';
import { usePolled } from '../parts/poll.js';
import { Tags } from '../parts/tags.js';
import { go, route, setQuery } from '../route.js';
import { Confirm } from './controls.js';

const LIMIT = 500;

interface Props {
  readonly master: MasterClient;
  readonly role: string;
}

/** The runs of the master: queued, in progress, ended. */
export function Runs({ master, role }: Props) {
  const { search = '' } = route.value.query;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [deleted, setDeleted] = useState<RunView | undefined>(undefined);
  const { value, error } = usePolled(async () => (await master.runs({ limit: LIMIT })).runs, 3_000, [
    master,
    deleted,
  ]);
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = value.filter((run) => words.every((word) => textOf(run).includes(word)));
  const choose = (id: string): void =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2));
  return (
    <section class="card" aria-label="Runs">
      <div class="bar">
        <h2>
          Runs <span class="count">{shown.length}</span>
        </h2>
        <input
          type="search"
          aria-label="Search runs"
          placeholder="scenario, label, state"
          value={search}
          onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
        />
        <button
          type="button"
          disabled={chosen.length !== 2}
          onClick={() => go({ page: 'compare', query: { baseline: chosen[0]!, run: chosen[1]! } })}
        >
          Compare two
        </button>
      </div>
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {['Choose', 'Scenario', 'State', 'Submitted', 'Duration', 'Labels', 'Action'].map(
                (heading, index) => (
                  <th scope="col" class="text" key={index}>
                    {heading}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <tr key={run.runId}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Choose ${run.scenario} of ${formatInstant(run.submittedAt)}`}
                    checked={chosen.includes(run.runId)}
                    onChange={() => choose(run.runId)}
                  />
                </td>
                <th scope="row">
                  <a href={`#/run/${run.runId}/overview`}>{run.scenario}</a>{' '}
                  <code>{run.runId.slice(0, 8)}</code>
                </th>
                <td class={run.verdict === 'passed' ? 'good' : run.verdict === undefined ? '' : 'bad'}>
                  {run.verdict ?? run.state}
                  {run.position !== undefined && <> (place {run.position})</>}
                  {run.waitingFor !== undefined && <small class="muted"> {run.waitingFor}</small>}
                </td>
                <td>{formatInstant(run.submittedAt)}</td>
                <td class="num">{durationOf(run)}</td>
                <td>
                  <Tags tags={run.labels} />
                </td>
                <td>
                  {role === 'admin' && run.endedAt !== undefined && (
                    <button type="button" onClick={() => setDeleted(run)}>
                      Delete
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p class="muted empty">No runs.</p>}
      </div>
      {deleted && (
        <Confirm
          title="Delete the run?"
          text={`The result and all files of ${deleted.scenario} (${deleted.runId.slice(0, 8)}) are deleted.`}
          verb="Delete"
          act={async () => (await master.deleteRun(deleted.runId)).message}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </section>
  );
}

function textOf({ scenario, runId, state, verdict = '', labels }: RunView): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [scenario, runId, state, verdict, ...pairs].join(' ').toLowerCase();
}

function durationOf({ startedAt, endedAt }: RunView): string {
  if (startedAt === undefined) return '–';
  const end = endedAt === undefined ? Date.now() : Date.parse(endedAt);
  return formatClock((end - Date.parse(startedAt)) / 1_000);
}
