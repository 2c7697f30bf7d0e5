import { formatClock } from '../format.js';
import { beginOfBand } from '../run/bands.js';
import { LIGHT } from '../style/theme.js';
import { cellsOf } from './heat-map.js';
import type { ChartModel, HeatMap, Line } from './model.js';
import { type Point, thinned } from './reduce.js';
import { logRange, logTicks, tickText, timeTicks, topOf, valueTicks } from './scales.js';
import { SvgAnnotations, SvgLimits } from './svg-marks.js';
import { PLOT, round, type Scales, Stroke } from './svg-shapes.js';

const WIDTH = 640;
const HEIGHT = 200;
/** Parts of a line that are drawn one by one. */
const PARTS = { whole: 160, small: 24 };
const TIME_TICKS = 7;
const VALUE_TICKS = 4;

interface Props {
  readonly model: ChartModel;
  readonly isLogarithmic: boolean;
  /** Whether it has lines only, and few points, to take few bytes. */
  readonly isSmall?: boolean;
}

/** A chart as a picture with colors in attributes, for readers that have no style sheet either. */
export function SvgChart({ model, isLogarithmic, isSmall = false }: Props) {
  const { lines, data, marks, heatMap, band, stepSeconds } = model;
  const [at, ...columns] = data;
  const [first, last] = [at[0] ?? 0, Math.max(at.at(-1) ?? 0, (at[0] ?? 0) + 1)];
  const values = columns.flat().filter((value) => value !== null);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const low = values.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), high || 1);
  const [bottom, top] = isLogarithmic ? logRange(low, high) : [0, topOf(high)];
  const scales = scalesOf([first, last], [bottom, top], isLogarithmic);
  const ticks = isLogarithmic ? logTicks(bottom, top) : valueTicks(top, VALUE_TICKS);
  const drawn = columns.map((column) => thinned(at, column, isSmall ? PARTS.small : PARTS.whole));
  return (
    <svg
      class="svg-chart"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      <g font-family="system-ui, sans-serif" font-size="12" class="f-muted" fill={LIGHT.muted}>
        {ticks.map((value) => (
          <text key={value} x={PLOT.left - 8} y={round(scales.y(value) + 4)} text-anchor="end">
            {tickText(value, lines[0]!.format)}
          </text>
        ))}
        {timeTicks(first, last, TIME_TICKS).map((second) => (
          <text key={second} x={round(scales.x(second))} y={PLOT.bottom + 18} text-anchor="middle">
            {formatClock(second)}
          </text>
        ))}
      </g>
      <Stroke
        tone="grid"
        path={ticks.map((value) => `M${PLOT.left} ${round(scales.y(value))}H${PLOT.right}`).join('')}
      />
      {marks.shaded.length > 0 && (
        <path
          class="f-muted"
          fill={LIGHT.muted}
          opacity="0.15"
          d={shadedPath(marks.shaded, stepSeconds, scales)}
        />
      )}
      {isLogarithmic && heatMap && <Heat heatMap={heatMap} scales={scales} />}
      {!isLogarithmic && !isSmall && band && (
        <path
          class={`f-${band.tone}`}
          fill={LIGHT[band.tone]}
          opacity="0.12"
          d={between(drawn[band.from - 1]!, drawn[band.to - 1]!, scales)}
        />
      )}
      {lines.map((line, index) => (
        <LinePath
          key={line.label}
          line={isSmall ? { ...line, isFilled: false } : line}
          points={drawn[index]!}
          scales={scales}
        />
      ))}
      <SvgLimits limits={marks.limits} top={top} scales={scales} />
      <SvgAnnotations annotations={marks.annotations} scales={scales} />
      <Legend lines={lines} />
    </svg>
  );
}

function scalesOf(
  [first, last]: readonly [number, number],
  [bottom, top]: readonly [number, number],
  isLogarithmic: boolean,
): Scales {
  const share = isLogarithmic
    ? (value: number) => Math.log(Math.max(value, bottom) / bottom) / Math.log(top / bottom)
    : (value: number) => value / top;
  return {
    x: (second) => PLOT.left + ((second - first) / (last - first)) * (PLOT.right - PLOT.left),
    y: (value) => PLOT.bottom - share(value) * (PLOT.bottom - PLOT.top),
  };
}

interface LineProps {
  readonly line: Line;
  readonly points: readonly Point[];
  readonly scales: Scales;
}

function LinePath({ line: { tone, isFilled, isDashed, isStepped }, points, scales }: LineProps) {
  const segments = segmentsOf(points);
  const paths = segments.map((segment) => pathOf(segment, scales, isStepped === true));
  return (
    <>
      {isFilled === true && (
        <path
          class={`f-${tone}`}
          fill={LIGHT[tone]}
          opacity="0.13"
          d={segments.map((segment, index) => closed(paths[index]!, segment, scales)).join('')}
        />
      )}
      <Stroke tone={tone} width={1.5} dash={isDashed === true ? '6 3' : undefined} path={paths.join('')} />
    </>
  );
}

/** Runs of known points. */
function segmentsOf(points: readonly Point[]): [number, number][][] {
  const segments: [number, number][][] = [];
  let isOpen = false;
  for (const [x, y] of points) {
    if (y !== null) {
      if (isOpen) segments.at(-1)!.push([x, y]);
      else segments.push([[x, y]]);
    }
    isOpen = y !== null;
  }
  return segments;
}

function pathOf(segment: readonly [number, number][], { x, y }: Scales, isStepped: boolean): string {
  return segment
    .map(([second, value], index) => {
      const [px, py] = [round(x(second)), round(y(value))];
      // A point alone is a dot.
      if (index === 0) return segment.length === 1 ? `M${px - 1} ${py}h2` : `M${px} ${py}`;
      return isStepped ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join('');
}

/** The path down to the axis and back. */
function closed(path: string, segment: readonly [number, number][], { x }: Scales): string {
  return `${path}V${PLOT.bottom}H${round(x(segment[0]![0]))}Z`;
}

/** The area between two lines, where both are known. */
function between(low: readonly Point[], high: readonly Point[], { x, y }: Scales): string {
  const points = ([second, value]: Point): string => `${round(x(second))} ${round(y(value!))}`;
  const known = (line: readonly Point[]): Point[] => line.filter(([, value]) => value !== null);
  const outline = [...known(high), ...known(low).reverse()].map(points);
  return outline.length === 0 ? '' : `M${outline.join('L')}Z`;
}

function shadedPath(seconds: readonly number[], step: number, { x }: Scales): string {
  return seconds
    .map((second) => {
      const from = Math.max(PLOT.left, x(second - step / 2));
      const to = Math.min(PLOT.right, x(second + step / 2));
      return `M${round(from)} ${PLOT.top}H${round(to)}V${PLOT.bottom}H${round(from)}Z`;
    })
    .join('');
}

/** A cell for each band of response times: the more, the darker. */
function Heat({ heatMap, scales }: { readonly heatMap: HeatMap; readonly scales: Scales }) {
  const inside = (y: number): number => Math.min(PLOT.bottom, Math.max(PLOT.top, y));
  return (
    <>
      {cellsOf(heatMap).map(({ opacity, cells }) => (
        <path
          key={opacity}
          class="f-blue"
          fill={LIGHT.blue}
          opacity={opacity}
          d={cells
            .map(({ from, to, band }) => {
              const [left, right] = [Math.max(PLOT.left, scales.x(from)), Math.min(PLOT.right, scales.x(to))];
              const [below, above] = [
                inside(scales.y(beginOfBand(band))),
                inside(scales.y(beginOfBand(band + 1))),
              ];
              return below - above < 0.1 || right <= left
                ? ''
                : `M${round(left)} ${round(below)}H${round(right)}V${round(above)}H${round(left)}Z`;
            })
            .join('')}
        />
      ))}
    </>
  );
}

/** The names of the lines, in a row below the axis. */
function Legend({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <g font-family="system-ui, sans-serif" font-size="11">
      {lines.map(({ label, tone, isDashed }, index) => {
        const x = PLOT.right - 92 * (lines.length - index);
        return (
          <g key={label}>
            <Stroke tone={tone} width={2} dash={isDashed === true ? '4 2' : undefined} path={`M${x} 5h14`} />
            <text x={x + 18} y="9" class="f-muted" fill={LIGHT.muted}>
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}
