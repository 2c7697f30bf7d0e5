import type { WorkerHistoryView } from '@drumline/client';
import { Chart } from '../charts/chart.js';
import type { ChartModel, Line } from '../charts/model.js';
import { formatClock, formatMs } from '../format.js';
import { usePolled } from '../parts/poll.js';
import type { LiveRun } from '../run/live-run.js';

const EVERY_MS = 4_000;
/** The newest changes of states that are shown. */
const SHOWN_CHANGES = 6;

const formatPercent = (value: number): string => `${Math.round(value)} %`;
const LOAD: readonly Line[] = [
  { label: 'CPU', tone: 'blue', format: formatPercent, isHighest: true },
  { label: 'Busiest lane', tone: 'amber', format: formatPercent, isHighest: true },
];
const DELAYS: readonly Line[] = [
  { label: 'Loop delay', tone: 'violet', format: formatMs, isHighest: true },
  { label: 'Round trip', tone: 'teal', format: formatMs, isHighest: true },
];

/** CPU, delays and states of each worker over the time of the run. */
export function WorkerHistories({ run }: { readonly run: LiveRun }) {
  const isOver = run.connection.value === 'ended';
  const changes = run.changes.value;
  const { value } = usePolled(async () => await run.client.workerHistories(), isOver ? 0 : EVERY_MS, [
    run,
    changes,
    isOver,
  ]);
  const workers = (value?.workers ?? []).filter(({ points }) => points.length > 1);
  if (!value || workers.length === 0) return null;
  return (
    <section class="card charts" aria-label="Histories of workers">
      <h2>
        Over time{' '}
        {value.total > value.workers.length && (
          <span class="count">
            {value.workers.length} of {value.total}
          </span>
        )}
      </h2>
      {workers.map((worker) => (
        <WorkerHistory key={worker.id} worker={worker} />
      ))}
    </section>
  );
}

function WorkerHistory({ worker }: { readonly worker: WorkerHistoryView }) {
  const { name, changes, stepSeconds } = worker;
  return (
    <section aria-label={`History of ${name}`}>
      <h3>{name}</h3>
      <div class="small-charts">
        {chartsOf(worker).map((model) => (
          <Chart key={model.id} model={model} />
        ))}
      </div>
      <p class="changes">
        {changes.slice(-SHOWN_CHANGES).map(({ second, lane, state }) => (
          <span key={`${second} ${lane} ${state}`}>
            {formatClock(second)} {lane === undefined ? '' : `lane ${lane} `}
            {state}.{' '}
          </span>
        ))}
        {stepSeconds > 1 && <>Each point is the highest of {stepSeconds} s.</>}
      </p>
    </section>
  );
}

function chartsOf({ id, name, points, stepSeconds }: WorkerHistoryView): ChartModel[] {
  const at = points.map(({ second }) => second);
  const shared = { marks: { shaded: [], annotations: [], limits: [] }, stepSeconds };
  return [
    {
      ...shared,
      id: `load-${id}`,
      title: 'CPU and lanes',
      label: `CPU of ${name}, and its busiest lane`,
      lines: LOAD,
      data: [
        at,
        points.map(({ cpuPercent }) => cpuPercent),
        points.map(({ lanesBusyPercent }) => Math.max(0, ...lanesBusyPercent)),
      ],
    },
    {
      ...shared,
      id: `delay-${id}`,
      title: 'Event loop and heartbeat',
      label: `Delay of the event loop of ${name}, and the round trip of its heartbeats`,
      lines: DELAYS,
      data: [at, points.map(({ loopDelayMs }) => loopDelayMs), points.map(({ roundTripMs }) => roundTripMs)],
    },
  ];
}
