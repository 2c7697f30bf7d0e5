import type { ComparisonView } from '@drumline/client';
import { formatStatistic } from './verdicts.js';

/** Of the drawing, which is stretched to its place. */
const WIDTH = 1_000;
const HEIGHT = 100;
const TICKS = [1, 2, 5];

interface Props {
  readonly distribution: NonNullable<ComparisonView['distribution']>;
  readonly totals: ComparisonView['totals'];
}

/** The response times of both runs over each other, on a logarithmic scale. */
export function Distributions({ distribution: { edgesMs, before, after }, totals }: Props) {
  const [first, last] = [edgesMs[0]!, edgesMs.at(-1)!];
  const left = (ms: number): number => (Math.log(ms / first) / Math.log(last / first)) * WIDTH;
  const most = Math.max(...before, ...after);
  const top = (share: number): number => HEIGHT * (1 - share / most);
  const path = (shares: readonly number[]): string =>
    `M0,${HEIGHT} ${shares
      .map((share, bar) => `L${left(edgesMs[bar]!)},${top(share)} L${left(edgesMs[bar + 1]!)},${top(share)}`)
      .join(' ')} L${WIDTH},${HEIGHT} Z`;
  const figures = totals.statistics
    .filter(({ name }) => /^p\d/.test(name))
    .map(({ name, before: one, after: two }) => {
      return `${name} ${formatStatistic(name, one)} in the baseline, ${formatStatistic(name, two)} in the new run`;
    });
  return (
    <section class="card" aria-label="Response times">
      <div class="bar">
        <h2>Response times</h2>
        <span class="legend">
          <span class="key baseline" aria-hidden="true" /> baseline{' '}
          <span class="key compared" aria-hidden="true" /> new run
        </span>
      </div>
      <svg
        class="distributions"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Shares of response times of both runs. ${figures.join('. ')}.`}
      >
        <path class="baseline" d={path(before)} />
        <path class="compared" d={path(after)} />
      </svg>
      <p class="ticks" aria-hidden="true">
        {ticksBetween(first, last).map((ms) => (
          <span key={ms} style={{ left: `${left(ms) / 10}%` }}>
            {ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`}
          </span>
        ))}
      </p>
    </section>
  );
}

/** Round values on a logarithmic scale, not at its edges. */
function ticksBetween(first: number, last: number): number[] {
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(first)); decade <= Math.log10(last); decade += 1)
    for (const tick of TICKS) {
      const ms = tick * 10 ** decade;
      if (ms > first * 1.1 && ms < last / 1.1) ticks.push(Number(ms.toPrecision(3)));
    }
  // Labels would overlap on a phone.
  return ticks.length <= 5 ? ticks : ticks.filter((ms) => Number.isInteger(Math.log10(ms)));
}
