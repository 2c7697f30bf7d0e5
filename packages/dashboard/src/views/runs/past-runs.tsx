import type { MasterClient, RunView } from '@drumline/client';
import { useState } from 'preact/hooks';
import { formatClock, formatInstant, formatMs, formatRate, formatShare } from '../../format.js';
import { Confirm } from '../../parts/confirm.js';
import { Tags } from '../../parts/tags.js';
import { go, route, setQuery } from '../../route.js';
import { failureShare, isFound } from './run-figures.js';

interface Props {
  readonly runs: readonly RunView[];
  readonly master: MasterClient;
  readonly mayDelete: boolean;
  readonly onDeleted: () => void;
}

const HEADINGS = ['Compare', 'Scenario', 'Verdict', 'Target', 'Started', 'Length'];
const FIGURES = ['Rate', 'p95', 'Failures'];

/** Runs that have ended, the newest first. */
export function PastRuns({ runs, master, mayDelete, onDeleted }: Props) {
  const { search = '' } = route.value.query;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [deleted, setDeleted] = useState<RunView | undefined>(undefined);
  const shown = runs.filter((run) => isFound(run, search));
  const choose = (id: string): void =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2));
  const compare = (): void => {
    // The older one is the baseline.
    const [after, before] = runs.filter(({ runId }) => chosen.includes(runId));
    go({ page: 'compare', query: { baseline: before!.runId, run: after!.runId } });
  };
  return (
    <section class="card" aria-label="Past runs">
      <div class="bar">
        <h2>
          Past runs <span class="count">{shown.length}</span>
        </h2>
        <input
          type="search"
          aria-label="Search runs"
          placeholder="scenario, label, target, verdict"
          value={search}
          onInput={({ currentTarget }) => setQuery('search', currentTarget.value)}
        />
        <button type="button" data-key="c" disabled={chosen.length !== 2} onClick={compare}>
          Compare two
        </button>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of past runs">
        <table>
          <thead>
            <tr>
              {HEADINGS.map((heading) => (
                <th scope="col" class="text" key={heading}>
                  {heading}
                </th>
              ))}
              {FIGURES.map((heading) => (
                <th scope="col" class="num" key={heading}>
                  {heading}
                </th>
              ))}
              <th scope="col" class="text">
                Labels
              </th>
              {mayDelete && (
                <th scope="col" class="text">
                  Action
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <Row
                key={run.runId}
                run={run}
                isChosen={chosen.includes(run.runId)}
                onChoose={() => choose(run.runId)}
                onDelete={mayDelete ? () => setDeleted(run) : undefined}
              />
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
          act={async () => {
            const { message } = await master.deleteRun(deleted.runId);
            onDeleted();
            return message;
          }}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly run: RunView;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  /** Undefined without the right to it. */
  readonly onDelete: (() => void) | undefined;
}

function Row({ run, isChosen, onChoose, onDelete }: RowProps) {
  const { runId, scenario, state, verdict, target, submittedAt, startedAt, figures, labels } = run;
  const tone = verdict === 'passed' ? 'good' : 'bad';
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${scenario} of ${formatInstant(submittedAt)}`}
          checked={isChosen}
          disabled={!figures}
          onChange={onChoose}
        />
      </td>
      <th scope="row">
        <a href={`#/run/${runId}/overview`}>{scenario}</a> <code>{runId.slice(0, 8)}</code>
      </th>
      <td class={tone}>{verdict ?? state}</td>
      <td>{target ?? '–'}</td>
      <td>{formatInstant(startedAt ?? submittedAt)}</td>
      <td>{lengthOf(run)}</td>
      <td class="num">{figures ? formatRate(figures.perSecond) : '–'}</td>
      <td class="num">{figures ? formatMs(figures.p95Ms) : '–'}</td>
      <td class="num">{figures ? formatShare(failureShare(figures)) : '–'}</td>
      <td>
        <Tags tags={labels} />
      </td>
      {onDelete && (
        <td>
          <button type="button" aria-label={`Delete ${scenario} ${runId.slice(0, 8)}`} onClick={onDelete}>
            Delete
          </button>
        </td>
      )}
    </tr>
  );
}

function lengthOf({ startedAt, endedAt }: RunView): string {
  if (startedAt === undefined || endedAt === undefined) return '–';
  return formatClock((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000);
}
