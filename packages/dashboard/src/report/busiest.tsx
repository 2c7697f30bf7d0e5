import type { TimedSeries } from '@drumline/client';
import { SvgChart } from '../charts/svg-chart.js';
import { seriesCharts } from '../charts/series-models.js';
import { SeriesName } from '../parts/series-name.js';
import type { RunSource } from '../run/run-source.js';
import { marksOf } from '../views/series/marks.js';

/** The most series that have pictures. */
const MOST = 10;

/** The charts of the busiest series as small pictures, for readers without scripts. */
export function BusiestSeries({
  run,
  timed,
}: {
  readonly run: RunSource;
  readonly timed: readonly TimedSeries[];
}) {
  const shown = timed.filter(({ points }) => points.length > 1).slice(0, MOST);
  if (shown.length === 0) return null;
  const title = shown.length === 1 ? 'Charts of the series' : `Charts of the ${shown.length} busiest series`;
  return (
    <details class="card busiest screen-only">
      <summary>{title}</summary>
      {shown.map((one) => (
        <figure key={one.series.id}>
          <figcaption>
            <SeriesName series={one.series} />
          </figcaption>
          <div class="chart-grid">
            {seriesCharts(one, marksOf(run, one.series), run.timeline.stepSeconds).map((model) => (
              <SvgChart key={model.id} model={model} isLogarithmic={false} isSmall />
            ))}
          </div>
        </figure>
      ))}
    </details>
  );
}
