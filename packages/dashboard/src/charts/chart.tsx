import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { InReport, isInteractive } from '../parts/medium.js';
import { describeMarks } from './labels.js';
import type { ChartModel } from './model.js';
import { type Plot, plotInto } from './plot.js';
import { SvgChart } from './svg-chart.js';
import { ValueTable } from './value-table.js';

interface Props {
  readonly model: ChartModel;
  /** Whether the values have a logarithmic scale. */
  readonly isLogarithmic?: boolean;
  /** Beside the title. */
  readonly control?: ComponentChildren;
}

const HEIGHT = 200;

/**
 * A chart over the time of the run. A report also has it as SVG, which is shown without scripts and
 * on paper.
 */
export function Chart({ model, isLogarithmic = false, control }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const newest = useRef(model);
  newest.current = model;
  const isReport = useContext(InReport);
  const isDrawn = isInteractive.value;
  const shape = model.lines.map(({ label }) => label).join();

  useEffect(() => {
    if (!isDrawn) return undefined;
    const root = place.current!;
    const made = plotInto(root, () => newest.current, { height: HEIGHT, isLogarithmic });
    plot.current = made;
    const resized = new ResizeObserver(() => made.resize(root.clientWidth));
    resized.observe(root);
    const redraw = (): void => made.redraw();
    addEventListener('theme-change', redraw);
    return () => {
      plot.current = null;
      removeEventListener('theme-change', redraw);
      resized.disconnect();
      made.destroy();
    };
  }, [shape, isLogarithmic, isDrawn]);
  useEffect(() => plot.current?.show(model.data), [model.data]);

  return (
    <figure class={isDrawn ? 'chart drawn' : 'chart'} id={`chart-${model.id}`}>
      <figcaption>
        {model.title} {isDrawn && control}
      </figcaption>
      <div role="img" aria-label={`${model.label}. ${summaryOf(model)}`}>
        {isReport && <SvgChart model={model} isLogarithmic={isLogarithmic} />}
        <div ref={place} />
      </div>
      <ValueTable model={model} />
    </figure>
  );
}

/** The newest values, limits and remarks in words. */
function summaryOf({ lines, data, marks }: ChartModel): string {
  const values = lines
    .map(({ label, format }, index) => {
      const value = data[index + 1]?.findLast((one) => one !== null);
      return `${label}: ${value === undefined || value === null ? 'no data' : format(value)}`;
    })
    .join(', ');
  return `${values}. ${describeMarks(marks)}`.trim();
}
