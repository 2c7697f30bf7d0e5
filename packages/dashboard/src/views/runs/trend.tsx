import type { RunView } from '@drumline/client';
import { formatInstant, formatMs, formatRate, formatShare } from '../../format.js';
import { route, setQuery } from '../../route.js';
import { failureShare, trendOf, type TrendPoint } from './run-figures.js';

interface Props {
  /** Of the scenario, the newest first. */
  readonly runs: readonly RunView[];
  readonly scenario: string;
  readonly scenarios: readonly string[];
  readonly onScenario: (scenario: string) => void;
}

type Figures = NonNullable<RunView['figures']>;

const CHARTS: readonly {
  readonly title: string;
  readonly valueOf: (figures: Figures) => number;
  readonly format: (value: number) => string;
}[] = [
  { title: 'p95', valueOf: ({ p95Ms }) => p95Ms, format: formatMs },
  { title: 'Rate', valueOf: ({ perSecond }) => perSecond, format: formatRate },
  { title: 'Failures', valueOf: failureShare, format: formatShare },
];
const LENGTHS = [10, 30, 100];
const DEFAULT_LENGTH = 30;

/** How the newest runs of a scenario compare. Each point leads to its run. */
export function Trend({ runs, scenario, scenarios, onScenario }: Props) {
  const most = Number(route.value.query['last']) || DEFAULT_LENGTH;
  const usable = runs.filter(({ figures }) => figures);
  if (usable.length < 2 && scenarios.length < 2) return null;
  return (
    <section class="card" aria-label="Trend">
      <div class="bar">
        <h2>Trend</h2>
        <label class="inline">
          Scenario{' '}
          <select value={scenario} onChange={({ currentTarget }) => onScenario(currentTarget.value)}>
            {scenarios.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <label class="inline">
          Last{' '}
          <select value={most} onChange={({ currentTarget }) => setQuery('last', currentTarget.value)}>
            {LENGTHS.map((one) => (
              <option key={one} value={one}>
                {one} runs
              </option>
            ))}
          </select>
        </label>
      </div>
      {usable.length < 2 ? (
        <p class="muted">A trend needs two runs of the scenario with a result.</p>
      ) : (
        <div class="trends">
          {CHARTS.map(({ title, valueOf, format }) => (
            <TrendChart key={title} title={title} points={trendOf(runs, most, valueOf)} format={format} />
          ))}
        </div>
      )}
    </section>
  );
}

const WIDTH = 320;
const HEIGHT = 110;
const EDGE = 10;

interface ChartProps {
  readonly title: string;
  readonly points: readonly TrendPoint[];
  readonly format: (value: number) => string;
}

function TrendChart({ title, points, format }: ChartProps) {
  const placed = points.map((point) => ({
    ...point,
    left: EDGE + point.x * (WIDTH - 2 * EDGE),
    top: HEIGHT - EDGE - point.y * (HEIGHT - 2 * EDGE),
  }));
  const newest = points.at(-1)!;
  const greatest = Math.max(...points.map(({ value }) => value));
  return (
    <figure class="trend">
      <figcaption>
        {title} <strong>{format(newest.value)}</strong>{' '}
        <span class="muted">from 0 to {format(greatest)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={`${title} of the last runs`}>
        <line class="axis" x1={EDGE} x2={WIDTH - EDGE} y1={HEIGHT - EDGE} y2={HEIGHT - EDGE} />
        <polyline points={placed.map(({ left, top }) => `${left},${top}`).join(' ')} />
        {placed.map(({ run, left, top, value }) => {
          const text = `${formatInstant(run.submittedAt)}: ${format(value)}, ${run.verdict ?? run.state}`;
          return (
            <a key={run.runId} href={`#/run/${run.runId}/overview`} aria-label={text}>
              <title>{text}</title>
              <circle class="near" cx={left} cy={top} r="9" />
              {run.verdict === 'passed' ? (
                <circle class="good" cx={left} cy={top} r="4" />
              ) : (
                <path class="bad" d={`M${left - 5},${top} l5,-5 l5,5 l-5,5 Z`} />
              )}
            </a>
          );
        })}
      </svg>
    </figure>
  );
}
