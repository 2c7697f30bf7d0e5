import { useMemo, useState } from 'preact/hooks';
import { Chart, type Line, type Marks } from '../charts/chart.js';
import { formatCount, formatMs, formatRate } from '../format.js';
import type { RunSource } from '../run/run-source.js';

const RATE: readonly Line[] = [
  { label: 'Requests', tone: 'blue', format: formatRate, isFilled: true },
  { label: 'Failures', tone: 'red', format: formatRate, isFilled: true },
];
const TIMES: readonly Line[] = [
  { label: 'p50', tone: 'teal', format: formatMs },
  { label: 'p95', tone: 'amber', format: formatMs, isDashed: true },
  { label: 'p99', tone: 'violet', format: formatMs },
];
const USERS: readonly Line[] = [
  { label: 'Users', tone: 'blue', format: formatCount, isFilled: true, isStepped: true },
  { label: 'Planned', tone: 'teal', format: formatCount, isDashed: true, isStepped: true },
];
const STARTS: readonly Line[] = [
  { label: 'Started', tone: 'blue', format: formatRate },
  { label: 'Planned', tone: 'teal', format: formatRate, isDashed: true },
  { label: 'Late', tone: 'amber', format: formatRate },
  { label: 'Dropped', tone: 'red', format: formatRate },
];
const BAND = [{ from: 1, to: 3, tone: 'violet' }];

/** The timeline of the run: rate, response time, users, and starts if the load has a rate. */
export function RunCharts({ run }: { readonly run: RunSource }) {
  const tick = run.tick.value;
  const annotations = run.annotations.value;
  const thresholds = run.status.value?.thresholds;
  const { timeline, planned } = run;
  const [isLogarithmic, setLogarithmic] = useState(true);
  const data = useMemo(() => {
    const at = timeline.seconds();
    const answered = (read: (p: { p50Ms: number; p95Ms: number; p99Ms: number }) => number) =>
      timeline.column((point) => (point.p99Ms > 0 ? read(point) : null));
    const step = timeline.stepSeconds;
    const plannedOf = (read: (one: { users: number; rate?: number | undefined }) => number | undefined) =>
      at.map((second) => {
        const one = planned.get(second);
        return one ? (read(one) ?? null) : null;
      });
    const hasStarts = timeline.column((point) => (point.starts ? 1 : null)).includes(1);
    return {
      rate: [at, timeline.column((p) => p.requests / step), timeline.column((p) => p.failures / step)],
      times: [at, answered((p) => p.p50Ms), answered((p) => p.p95Ms), answered((p) => p.p99Ms)],
      users: [at, timeline.column((p) => p.users), plannedOf(({ users }) => users)],
      starts: hasStarts
        ? [
            at,
            timeline.column((p) => (p.starts?.started ?? 0) / step),
            plannedOf(({ rate }) => rate),
            timeline.column((p) => (p.starts?.late ?? 0) / step),
            timeline.column((p) => (p.starts?.dropped ?? 0) / step),
          ]
        : undefined,
    };
  }, [tick]);
  const marks = useMemo((): Marks => {
    const start = timeline.startMs ?? 0;
    return {
      untrusted: timeline.untrusted().map(({ second }) => second),
      annotations: annotations.map(({ at, text }) => ({ at: (Date.parse(at) - start) / 1_000, text })),
      limits: [],
    };
  }, [tick, annotations]);
  const limits = (thresholds ?? [])
    .filter(({ unit, of }) => unit === 'ms' && of === '')
    .map(({ limit, broken }) => ({ value: limit, isBroken: broken }));
  if (timeline.length < 2)
    return <p class="muted empty">The charts begin after the second second of the run.</p>;
  return (
    <section class="card charts" aria-label="Timeline">
      <p class="hint muted">
        Drag to zoom in, double-click to zoom out. Click a legend entry to hide its line.
      </p>
      <div class="chart-grid">
        <Chart
          title="Requests per second"
          label="Requests and failures in each second"
          lines={RATE}
          data={data.rate}
          marks={marks}
        />
        <Chart
          title="Response time"
          label="Quantiles of the response times in each second"
          lines={TIMES}
          data={data.times}
          bands={isLogarithmic ? [] : BAND}
          marks={{
            ...marks,
            limits,
            heatMap: { stepSeconds: timeline.stepSeconds, columns: timeline.bands() },
          }}
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
        <Chart
          title="Users"
          label="Running and planned users in each second"
          lines={USERS}
          data={data.users}
          marks={marks}
        />
        {data.starts && (
          <Chart
            title="Starts per second"
            label="Arrivals and iterations in each second"
            lines={STARTS}
            data={data.starts}
            marks={marks}
          />
        )}
      </div>
    </section>
  );
}
