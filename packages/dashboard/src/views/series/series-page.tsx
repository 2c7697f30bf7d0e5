import type { CheckResult, ErrorsView, TimedSeries } from '@drumline/client';
import { formatBytes, formatCount, formatShare } from '@drumline/model';
import { useMemo } from 'preact/hooks';
import { Chart } from '../../charts/chart.js';
import { Distribution } from '../../charts/distribution.js';
import type { Marks } from '../../charts/model.js';
import { seriesCharts } from '../../charts/series-models.js';
import { formatMs, formatRate } from '../../format.js';
import { usePolled } from '../../parts/poll.js';
import { SeriesName } from '../../parts/series-name.js';
import { Tile } from '../../parts/tile.js';
import { ChecksTable } from '../../result/counted.js';
import { PhaseMeans } from '../../result/phases.js';
import { Statuses } from '../../result/statuses.js';
import type { RunSource } from '../../run/run-source.js';
import { useSeries } from '../../run/use-series.js';
import { RequestErrors } from '../errors.js';
import { marksOf } from './marks.js';
import { closeSeries } from './open-series.js';
import { PinButton } from './pin-button.js';
import { Problem } from '../../parts/problem.js';

interface Props {
  readonly run: RunSource;
  readonly id: string;
}

/** One series: its figures, charts, distribution, phases, statuses, errors and checks. */
export function SeriesPage({ run, id }: Props) {
  const { value, error } = useSeries(run, [id]);
  const timed = value?.[0];
  return (
    <>
      <div class="bar series-bar">
        <button type="button" data-key="Escape" aria-keyshortcuts="Escape" onClick={closeSeries}>
          ← All series
        </button>
        {timed && (
          <h2>
            <SeriesName series={timed.series} />
          </h2>
        )}
        {timed && <PinButton series={timed.series} hasText />}
      </div>
      <Problem>{error}</Problem>
      {timed ? (
        <Details run={run} timed={timed} />
      ) : (
        <p class="muted empty">{value ? 'The run has no such series, or not yet.' : 'Loading…'}</p>
      )}
    </>
  );
}

function Details({ run, timed }: { readonly run: RunSource; readonly timed: TimedSeries }) {
  const { series, points, knownFrom } = timed;
  const { latencyMs } = series;
  const marks = useMarks(run, timed);
  const charts = useMemo(() => seriesCharts(timed, marks, run.timeline.stepSeconds), [timed, marks]);
  const isTimed = run.reads.isTimed?.(series.id) ?? true;
  const alone = { series: [series], totals: series };
  return (
    <>
      <Figures series={series} />
      <section class="card charts" aria-label="Charts of the series">
        {isTimed && knownFrom > 0 && (
          <p class="hint muted">The run is not stored, so the charts begin when the series was opened.</p>
        )}
        {isTimed ? (
          <div class="chart-grid">
            {points.length > 1 && charts.map((model) => <Chart key={model.id} model={model} />)}
            <Distribution
              bars={timed.distribution}
              marks={[
                { label: 'p50', ms: latencyMs.p50, tone: 'teal' },
                { label: 'p95', ms: latencyMs.p95, tone: 'amber' },
                { label: 'p99', ms: latencyMs.p99, tone: 'violet' },
              ]}
            />
          </div>
        ) : (
          <p class="muted empty">{run.reads.lackingCharts}</p>
        )}
      </section>
      <PhaseMeans totals={series} />
      <Statuses result={alone} />
      <Failures run={run} series={series} />
    </>
  );
}

function Figures({ series }: Pick<TimedSeries, 'series'>) {
  const { requests, failures, rate, latencyMs, bytesReceived, bytesSent } = series;
  return (
    <div class="tiles">
      <Tile title="Requests" value={formatCount(requests)} detail={`${formatRate(rate)} on average`} />
      <Tile
        title="Failures"
        value={formatCount(failures)}
        detail={`${formatShare(failures, requests)} of its requests`}
        tone={failures > 0 ? 'bad' : ''}
      />
      <Tile title="Mean" value={formatMs(latencyMs.mean)} detail={`min ${formatMs(latencyMs.min)}`} />
      <Tile title="p50" value={formatMs(latencyMs.p50)} detail={`p90 ${formatMs(latencyMs.p90)}`} />
      <Tile title="p95" value={formatMs(latencyMs.p95)} detail={`p99 ${formatMs(latencyMs.p99)}`} />
      <Tile title="p99.9" value={formatMs(latencyMs.p99_9)} detail={`max ${formatMs(latencyMs.max)}`} />
      <Tile title="Received" value={formatBytes(bytesReceived)} detail={`${formatBytes(bytesSent)} sent`} />
    </div>
  );
}

function useMarks(run: RunSource, { series }: TimedSeries): Marks {
  const annotations = run.annotations.value;
  const thresholds = run.status.value?.thresholds;
  const tick = run.tick.value;
  return useMemo(() => marksOf(run, series), [run, annotations, thresholds, tick, series.name]);
}

function Failures({ run, series }: { readonly run: RunSource } & Pick<TimedSeries, 'series'>) {
  const isOver = run.connection.value === 'ended';
  const everyMs = isOver ? 0 : 2_000;
  const errors = usePolled(() => run.reads.errors(), everyMs, [run, isOver]);
  const counted = usePolled(() => run.reads.metrics(), isOver ? 0 : 10_000, [run, isOver]);
  const mine = (errors.value?.errors ?? []).filter((one) => isOf(one, series));
  const checks = (counted.value?.checks ?? []).filter((one) => hasTags(one, series));
  return (
    <>
      {mine.length > 0 ? (
        <RequestErrors errors={mine} />
      ) : (
        <p class="muted empty">
          {series.failures === 0
            ? 'No request of this series has failed.'
            : 'The list of errors, which is limited, has none of this series.'}
        </p>
      )}
      <ChecksTable checks={checks} />
    </>
  );
}

function isOf(
  error: ErrorsView['errors'][number],
  { protocol, method, name, user, tags }: TimedSeries['series'],
): boolean {
  const isNamed = error.method === method && error.name === name && error.user === user;
  return isNamed && error.protocol === protocol && sameTags(error.tags ?? {}, tags);
}

/** Whether a check has tags, and the series has all of them. */
function hasTags({ tags = {} }: CheckResult, series: TimedSeries['series']): boolean {
  const entries = Object.entries(tags);
  return entries.length > 0 && entries.every(([tag, value]) => series.tags[tag] === value);
}

function sameTags(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length && entries.every(([tag, value]) => other[tag] === value)
  );
}
