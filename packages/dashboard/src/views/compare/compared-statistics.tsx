import type { ComparisonView } from '@drumline/client';
import { formatChange, formatStatistic, isJudged, TONES } from './verdicts.js';

type Statistic = ComparisonView['totals']['statistics'][number];

/** The statistics of all requests, each with its change and the interval in which that is. */
export function ComparedStatistics({ totals }: { readonly totals: ComparisonView['totals'] }) {
  // Points of an error rate and percents of times have scales of their own.
  const scaleOf = (isRate: boolean): number =>
    Math.max(
      0.01,
      ...totals.statistics
        .filter(({ name }) => (name === 'error rate') === isRate)
        .flatMap(({ low, high, change }) => [low, high, change])
        .map((value) => Math.abs(value ?? 0)),
    );
  const scales = { times: scaleOf(false), errors: scaleOf(true) };
  return (
    <section class="card" aria-label="All requests">
      <h2>All requests</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of statistics">
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">
                Statistic
              </th>
              {['Baseline', 'New', 'Change', 'Interval'].map((heading) => (
                <th scope="col" class="num" key={heading}>
                  {heading}
                </th>
              ))}
              <th scope="col" class="text">
                Lower ← → higher
              </th>
              <th scope="col" class="text">
                Verdict
              </th>
            </tr>
          </thead>
          <tbody>
            {totals.statistics.map((one) => (
              <Row
                key={one.name}
                statistic={one}
                scale={one.name === 'error rate' ? scales.errors : scales.times}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ statistic, scale }: { readonly statistic: Statistic; readonly scale: number }) {
  const { name, before, after, change, low, high, verdict, word, text } = statistic;
  const tone = isJudged(name) ? TONES[verdict] : 'muted';
  return (
    <tr title={`${name} ${text}`}>
      <th scope="row">{name}</th>
      <td class="num">{formatStatistic(name, before)}</td>
      <td class="num">{formatStatistic(name, after)}</td>
      <td class={`num ${tone}`}>{formatChange(name, change)}</td>
      <td class="num muted">
        {low === null || high === null ? '–' : `${formatChange(name, low)} to ${formatChange(name, high)}`}
      </td>
      <td>
        <IntervalBar low={low} high={high} change={change} scale={scale} tone={tone} />
      </td>
      <td class={tone}>{isJudged(name) ? word : ''}</td>
    </tr>
  );
}

const HALF = 90;

interface BarProps {
  readonly low: number | null;
  readonly high: number | null;
  readonly change: number | null;
  /** The change at the edge. */
  readonly scale: number;
  readonly tone: string;
}

/** The interval of a change around zero. The table has its figures, too. */
function IntervalBar({ low, high, change, scale, tone }: BarProps) {
  const at = (value: number): number => HALF + (value / scale) * (HALF - 6);
  return (
    <svg class={`interval ${tone}`} width={2 * HALF} height="18" aria-hidden="true">
      <line class="zero" x1={HALF} x2={HALF} y1="0" y2="18" />
      {low !== null && high !== null && <line class="range" x1={at(low)} x2={at(high)} y1="9" y2="9" />}
      {change !== null && <circle cx={at(change)} cy="9" r="4" />}
    </svg>
  );
}
