import type { RunResult } from '@drumline/client';
import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../charts/chart.js';
import type { Marks } from '../charts/model.js';
import { chartsOf } from '../charts/run-models.js';
import { withPinned } from '../charts/pinned.js';
import { isInteractive } from '../parts/medium.js';
import type { RunSource } from '../run/run-source.js';
import { useSeries } from '../run/use-series.js';
import { pins } from './series/pins.js';

/** A last second that is shorter is marked. */
const SHORTEST_MS = 990;

/** The timeline of the run: rate, response time, users, starts if the load has a rate, failures. */
export function RunCharts({ run }: { readonly run: RunSource }) {
  const tick = run.tick.value;
  const annotations = run.annotations.value;
  const result = run.result.value;
  const thresholds = run.status.value?.thresholds;
  const judged = result?.thresholds;
  const [isLogarithmic, setLogarithmic] = useState(true);
  const lastMs = result && run.timeline.stepSeconds === 1 ? lastSecondMs(result) : undefined;
  const charts = useMemo(() => {
    const { timeline, planned } = run;
    const all =
      judged?.map((one) => ({ ...one, isBroken: !one.passed })) ??
      (thresholds ?? []).map((one) => ({ ...one, isBroken: one.broken }));
    const limitsOf = (isWanted: (one: Limited) => boolean): Marks['limits'] =>
      all
        .filter(isWanted)
        .map(({ limit, isBroken, expression }) => ({ value: limit, isBroken, text: expression }));
    const [limits, rateLimits] = [limitsOf(isOfTimes), limitsOf(isOfRate)];
    return chartsOf({
      timeline,
      planned,
      annotations,
      limits,
      rateLimits,
      isLastPartial: lastMs !== undefined,
    });
  }, [tick, annotations, thresholds, judged, lastMs]);
  const pinned = useSeries(run, pins()).value ?? [];
  const shown = charts.map((model) => withPinned(model, pinned));
  if (run.timeline.length < 2)
    return result ? null : (
      <p class="muted empty">
        {run.connection.value === 'ended'
          ? 'The run ended before its first second, so there are no charts.'
          : 'The charts begin after two seconds of the run.'}
      </p>
    );
  const { stepSeconds } = run.timeline;
  const hasUntrusted = run.timeline.untrusted().length > 0;
  return (
    <section class="card charts" aria-labelledby="timeline">
      <div class="bar">
        <h2 id="timeline">Timeline</h2>
        {isInteractive.value && (
          <p class="hint muted screen-only">
            Drag to zoom in, double-click to zoom out. Click a legend entry to hide its line.
          </p>
        )}
      </div>
      <div class="chart-grid">
        {shown.map((model) =>
          model.heatMap ? (
            <Chart
              key={model.id}
              model={model}
              isLogarithmic={isLogarithmic}
              control={
                <label>
                  <input
                    type="checkbox"
                    checked={isLogarithmic}
                    onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
                  />{' '}
                  Heat map
                </label>
              }
            />
          ) : (
            <Chart key={model.id} model={model} />
          ),
        )}
      </div>
      {hasUntrusted && (
        <p class="muted hint">Response times of shaded seconds include delays of the workers.</p>
      )}
      {stepSeconds > 1 && result && (
        <p class="muted hint">
          Each point stands for {stepSeconds} s. Its response times are the highest of these seconds.
        </p>
      )}
      {lastMs !== undefined && (
        <p class="muted hint">The last second (shaded) lasted only {lastMs} ms, so its values are lower.</p>
      )}
    </section>
  );
}

/** Whether a threshold is about the response times of all requests. */
function isOfTimes({ unit, of }: Limited): boolean {
  return unit === 'ms' && of === '';
}

/** Whether a threshold is about the rate of all requests. */
function isOfRate({ unit, of, expression }: Limited): boolean {
  return unit === 'per-second' && of === '' && expression.startsWith('rate');
}

interface Limited {
  readonly unit: string;
  readonly of: string;
  readonly expression: string;
}

/** How long the last second of an ended run lasted, if it is incomplete and has requests. */
function lastSecondMs({ run, timeline }: RunResult): number | undefined {
  const last = timeline.at(-1);
  if (!last || last.requests === 0) return undefined;
  const ms = Math.round(run.durationMs - (Date.parse(last.at) - Date.parse(run.startedAt)));
  return ms > 0 && ms < SHORTEST_MS ? ms : undefined;
}
