import type { RunResult } from '@drumline/wire';
import { type Markup, embedJson, markup } from './markup.js';

/** What the script in the page draws: one column per line, one row per second of the run. */
interface ChartData {
  /** The run's start, milliseconds since 1970. */
  readonly startMs: number;
  /** Seconds since the start. */
  readonly at: number[];
  readonly users: number[];
  readonly requests: number[];
  readonly failures: number[];
  /** Milliseconds; null in a second in which nothing was answered. */
  readonly p50: (number | null)[];
  readonly p95: (number | null)[];
  readonly p99: (number | null)[];
}

/** Columns of the timeline, as the charts need them. */
function chartData(result: RunResult): ChartData {
  const startMs = Date.parse(result.run.startedAt);
  const timeline = wholeSeconds(result);
  const answered = (value: number, max: number) => (max > 0 ? value : null);
  return {
    startMs,
    at: timeline.map((point) => Math.round((Date.parse(point.at) - startMs) / 1_000)),
    users: timeline.map((point) => point.users),
    requests: timeline.map((point) => point.requests),
    failures: timeline.map((point) => point.failures),
    p50: timeline.map((point) => answered(point.p50Ms, point.p99Ms)),
    p95: timeline.map((point) => answered(point.p95Ms, point.p99Ms)),
    p99: timeline.map((point) => answered(point.p99Ms, point.p99Ms)),
  };
}

/** Without the mere beginning of a second at the end, which beside whole ones would look like a collapse. The tables have it. */
function wholeSeconds({ run, timeline }: RunResult): RunResult['timeline'] {
  const last = timeline.at(-1);
  if (last === undefined) return timeline;
  const lastedMs = run.durationMs - (Date.parse(last.at) - Date.parse(run.startedAt));
  return lastedMs < 500 ? timeline.slice(0, -1) : timeline;
}

/** Places and data of the charts. A run of less than two seconds has none. */
export function renderCharts(result: RunResult): Markup | false {
  if (wholeSeconds(result).length < 2) return false;
  return markup`<section class="card charts" aria-labelledby="timeline">
<div class="bar"><h2 id="timeline">Timeline</h2>
<p class="muted screen-only">Drag to zoom, double-click to zoom out, click a legend entry to hide its line</p></div>
<noscript><p class="muted">The charts need JavaScript; every number below does not.</p></noscript>
${chart('rate', 'Requests per second', 'Requests and failures in each second of the run')}
${chart('latency', 'Response time', 'Quantiles p50, p95 and p99 of the response times in each second of the run', LOG_SCALE)}
${chart('users', 'Users', 'Running users in each second of the run')}
<script type="application/json" id="chart-data">${embedJson(chartData(result))}</script>
</section>`;
}

const LOG_SCALE = markup`<label class="screen-only"><input type="checkbox" id="log-scale"> Logarithmic</label>`;

function chart(id: string, title: string, label: string, control?: Markup): Markup {
  return markup`<figure><figcaption><span>${title}</span>${control}</figcaption><div id="chart-${id}" role="img" aria-label="${label}"></div></figure>`;
}
