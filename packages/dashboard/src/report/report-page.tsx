import type { TimedSeries } from '@drumline/client';
import { Announcer } from '../parts/announcer.js';
import { Instant } from '../parts/instant.js';
import { Logo } from '../parts/logo.js';
import { InReport, isInteractive } from '../parts/medium.js';
import { ThemeButton } from '../parts/theme.js';
import { Facts, VerdictBadge } from '../result/header.js';
import { SeriesDetails } from '../result/sections.js';
import { WorkerResults } from '../result/worker-results.js';
import type { RunSource } from '../run/run-source.js';
import { Checks } from '../views/checks.js';
import { Errors } from '../views/errors.js';
import { Overview } from '../views/overview.js';
import { SeriesTable } from '../views/series-table.js';
import { BusiestSeries } from './busiest.js';
import { SeriesView } from './series-view.js';

interface Props {
  readonly run: RunSource;
  /** The series that are known over the time of the run. */
  readonly timed: readonly TimedSeries[];
}

/**
 * The whole report of an ended run: the views of the dashboard, one below the other, or one of its
 * series.
 */
export function ReportPage({ run, timed }: Props) {
  const result = run.result.value!;
  const hasErrors = result.errors.length + result.exceptions.length > 0;
  const hasCounts = result.checks.length + result.metrics.length + (result.connections?.length ?? 0) > 0;
  return (
    <InReport.Provider value={true}>
      <header class="top">
        <span class="brand">
          <Logo /> Drumline load test report
        </span>
        <nav class="screen-only" aria-label="Parts of the report">
          {result.series.length > 0 && <a href="#series">Series</a>}
          {hasErrors && <a href={result.errors.length > 0 ? '#errors' : '#exceptions'}>Errors</a>}
          {result.checks.length > 0 && <a href="#checks">Checks</a>}
          {result.workers.length > 0 && <a href="#workers">Workers</a>}
          {result.plan && <a href="#plan">Plan</a>}
        </nav>
        {isInteractive.value && (
          <span class="buttons screen-only">
            <ThemeButton />
          </span>
        )}
      </header>
      <main id="main">
        <header class="run-head">
          <div>
            <h1>{result.run.scenario}</h1>
            {result.run.target !== undefined && <p class="muted">{result.run.target}</p>}
          </div>
          <VerdictBadge verdict={result.verdict} />
          <Facts result={result} />
        </header>
        <SeriesView run={run}>
          <Overview run={run} />
          {result.series.length > 0 && <SeriesTable run={run} isWhole />}
          {!isInteractive.value && <BusiestSeries run={run} timed={timed} />}
          <SeriesDetails result={result} />
          {hasErrors && <Errors run={run} />}
          {hasCounts && <Checks run={run} />}
          <WorkerResults result={result} />
        </SeriesView>
      </main>
      <footer>
        <p class="muted">
          Run <code>{result.run.id}</code> · ended <Instant at={result.run.endedAt} /> · made by Drumline{' '}
          {result.run.drumline}
        </p>
      </footer>
      <Announcer />
    </InReport.Provider>
  );
}
