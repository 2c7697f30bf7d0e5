import type { LatencyBar } from '@drumline/client';
import { formatCount } from '@drumline/model';
import { formatMs } from '../format.js';
import type { Tone } from '../style/theme.js';

/** A time that is marked in the distribution. */
interface Mark {
  readonly label: string;
  readonly ms: number;
  readonly tone: Tone;
}

interface Props {
  readonly bars: readonly LatencyBar[];
  readonly marks: readonly Mark[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 200, 8, 22, 34];

/** How many response times were how long, on a logarithmic scale. */
export function Distribution({ bars, marks }: Props) {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return <p class="muted empty">No response times yet.</p>;
  const most = Math.max(...bars.map(({ count }) => count));
  const [from, to] = [Math.log10(first.fromMs), Math.log10(last.toMs)];
  const x = (ms: number): number =>
    LEFT + ((Math.log10(Math.max(ms, first.fromMs)) - from) / (to - from)) * (WIDTH - 2 * LEFT);
  const y = (count: number): number => HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - TOP);
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  const text = marks.map(({ label, ms }) => `${label} ${formatMs(ms)}`).join(', ');
  return (
    <figure class="chart" id="chart-distribution">
      <figcaption>Distribution of response times</figcaption>
      <svg
        class="distribution"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${formatCount(all)} response times. ${text}`}
      >
        {bars.map(({ fromMs, toMs, count }) => (
          <rect
            key={fromMs}
            class="f-blue"
            x={x(fromMs)}
            y={y(count)}
            width={Math.max(1, x(toMs) - x(fromMs) - 1)}
            height={HEIGHT - BOTTOM - y(count)}
          >
            <title>{`${formatMs(fromMs)} to ${formatMs(toMs)}: ${formatCount(count)}`}</title>
          </rect>
        ))}
        {marks.map(({ label, ms, tone }, index) => (
          <g key={label}>
            <line class={`s-${tone}`} x1={x(ms)} x2={x(ms)} y1={TOP - 4} y2={HEIGHT - BOTTOM} />
            <text class={`f-${tone}`} x={x(ms)} y={10 + index * 11} {...anchor(x(ms))}>
              {label} {formatMs(ms)}
            </text>
          </g>
        ))}
        {ticksOf(first.fromMs, last.toMs).map((ms) => (
          <text key={ms} class="f-muted" x={x(ms)} y={HEIGHT - 6} {...anchor(x(ms))}>
            {formatMs(ms)}
          </text>
        ))}
      </svg>
    </figure>
  );
}

/** Where a text begins, so that it stays in the picture. */
function anchor(x: number): { 'text-anchor': 'start' | 'middle' | 'end' } {
  return { 'text-anchor': x < 60 ? 'start' : x > WIDTH - 60 ? 'end' : 'middle' };
}

/** Powers of ten, also twice and five times those if there are few, or else the ends. */
function ticksOf(fromMs: number, toMs: number): number[] {
  const first = Math.floor(Math.log10(fromMs));
  const last = Math.floor(Math.log10(toMs) + 1e-9);
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const shown = (ms: number): boolean => ms >= fromMs * (1 - 1e-9) && ms <= toMs * (1 + 1e-9);
  const tens = powers.filter(shown);
  if (tens.length >= 3) return tens;
  const ticks = powers.flatMap((power) => [power, 2 * power, 5 * power]).filter(shown);
  return ticks.length >= 2 ? ticks : [fromMs, toMs];
}
