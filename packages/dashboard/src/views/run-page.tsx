import type { MasterClient } from '@drumline/client';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatInstant } from '../format.js';
import { Tags } from '../parts/tags.js';
import { writeRoute } from '../route-text.js';
import { go, route } from '../route.js';
import { Facts, VerdictBadge } from '../result/header.js';
import { SeriesDetails } from '../result/sections.js';
import { WorkerResults } from '../result/worker-results.js';
import type { LiveRun } from '../run/live-run.js';
import { Checks } from './checks.js';
import { Controls } from './control/controls.js';
import { QueuePlace } from './control/queue-place.js';
import { Downloads } from './downloads.js';
import { Errors } from './errors.js';
import { Log } from './log.js';
import { Overview } from './overview.js';
import { SeriesPage } from './series/series-page.js';
import { valuesOf } from './start/again.js';
import { SeriesTable } from './series-table.js';
import { WorkerHistories } from './worker-histories.js';
import { Workers } from './workers.js';
import { Problem } from '../parts/problem.js';

/** The tabs of a run, with the keys that open them. */
export const TABS = [
  { name: 'overview', title: 'Overview', key: '1' },
  { name: 'series', title: 'Series', key: '2' },
  { name: 'errors', title: 'Errors', key: '3' },
  { name: 'checks', title: 'Checks and metrics', key: '4' },
  { name: 'workers', title: 'Workers', key: '5' },
  { name: 'log', title: 'Log', key: '6' },
] as const;

interface Props {
  readonly run: LiveRun;
  readonly master: MasterClient;
  readonly role: string;
  /** Whether the master takes other runs, and the token may start them. */
  readonly mayStart: boolean;
}

export function RunPage({ run, master, role, mayStart }: Props) {
  const { tab } = route.value;
  const problem = run.problem.value;
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    // Phones show a part of them.
    const current = tabs.current?.querySelector('[aria-current]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  return (
    <>
      <RunHeader
        run={run}
        maySteer={role !== 'view'}
        mayStart={mayStart}
        mayFetchFile={role === 'admin' && mayStart}
      />
      {problem && (
        <Problem>
          {problem.message} <span class="muted">{problem.hint}</span>
        </Problem>
      )}
      {run.view.value?.position !== undefined && <QueuePlace master={master} run={run.view.value} />}
      <nav class="tabs" ref={tabs} aria-label="Parts of the run">
        {TABS.map(({ name, title, key }) => (
          <button
            type="button"
            key={name}
            data-key={key}
            aria-keyshortcuts={key}
            aria-current={name === tab ? 'page' : undefined}
            onClick={() => go({ page: 'run', run: route.value.run, tab: name })}
          >
            {title}
          </button>
        ))}
      </nav>
      <Tab name={tab} run={run} master={master} mayAdminister={role === 'admin'} />
    </>
  );
}

interface TabProps extends Omit<Props, 'role' | 'mayStart'> {
  readonly name: string;
  readonly mayAdminister: boolean;
}

function Tab({ name, run, master, mayAdminister }: TabProps): ComponentChildren {
  switch (name) {
    case 'series':
      return route.value.query['series'] !== undefined ? (
        <SeriesPage run={run} id={route.value.query['series']} />
      ) : (
        <>
          <SeriesTable run={run} />
          {run.result.value && <SeriesDetails result={run.result.value} />}
        </>
      );
    case 'errors':
      return <Errors run={run} />;
    case 'checks':
      return <Checks run={run} />;
    case 'workers':
      return (
        <>
          {run.result.value ? (
            <WorkerResults result={run.result.value} />
          ) : (
            <Workers run={run} master={master} maySteer={mayAdminister} />
          )}
          <WorkerHistories run={run} />
        </>
      );
    case 'log':
      return <Log run={run} />;
    default:
      return <Overview run={run} />;
  }
}

const NEW_RUN = { page: 'new', run: '', tab: '' } as const;

interface HeaderProps {
  readonly run: LiveRun;
  readonly maySteer: boolean;
  readonly mayStart: boolean;
  /** Whether the master takes other runs, and the token is for administration. */
  readonly mayFetchFile: boolean;
}

function RunHeader({ run, maySteer, mayStart, mayFetchFile }: HeaderProps) {
  const view = run.view.value;
  const status = run.status.value;
  const result = run.result.value;
  if (!view) return null;
  return (
    <header class="run-head">
      <div>
        <h1>{view.scenario}</h1>
        <p class="muted">
          {status?.target !== undefined && <>{status.target} · </>}
          {view.startedAt !== undefined && <>{formatInstant(view.startedAt)} · </>}
          <code>{view.runId.slice(0, 8)}</code>
          <Tags tags={view.labels} />
        </p>
        {view.waitingFor !== undefined && view.position === undefined && <p>{view.waitingFor}</p>}
      </div>
      {result ? (
        <VerdictBadge verdict={result.verdict} />
      ) : (
        <p class="verdict" role="status" aria-live="polite">
          {status?.paused === true ? 'paused' : view.state}
        </p>
      )}
      {maySteer && <Controls run={run} />}
      {result && (
        <span class="buttons">
          {mayStart && (
            <a class="button" href={writeRoute({ ...NEW_RUN, query: valuesOf(result, view.scenarioPath) })}>
              Run again…
            </a>
          )}
          <Downloads run={run.client} withRunFile={mayFetchFile} />
        </span>
      )}
      {result && <Facts result={result} />}
    </header>
  );
}
