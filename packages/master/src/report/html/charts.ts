import type { RunResult } from '@drumline/wire';
import { startColumns, type StartColumns } from './schedule.js';
import { type Markup, embedJson, markup } from './markup.js';

/** Input of the chart script: one array per line of a chart, one entry per second of the run. */
interface ChartData {
  /** Start of the run, milliseconds since 1970. */
  readonly startMs: number;
  /** Seconds since the start. */
  readonly at: number[];
  readonly users: number[];
  readonly requests: number[];
  readonly failures: number[];
  /**
   * Null if there were none, or if the result is from a version that did not record them per
   * second.
   */
  readonly failedChecks: number[] | null;
  readonly exceptions: number[] | null;
  /** Starts of arrivals and iterations; null if the load has none. */
  readonly starts: StartColumns | null;
  /** Remarks: seconds since the start with fractions, and texts. */
  readonly annotations: { readonly at: number; readonly text: string }[];
  /** Length of the last second in milliseconds; null if it is complete. */
  readonly lastMs: number | null;
  /** Milliseconds; null for a second without responses. */
  readonly p50: (number | null)[];
  readonly p95: (number | null)[];
  readonly p99: (number | null)[];
}

function chartData(result: RunResult): ChartData {
  const startMs = Date.parse(result.run.startedAt);
  const timeline = drawnSeconds(result);
  const answered = (value: number, max: number) => (max > 0 ? value : null);
  return {
    startMs,
    at: timeline.map((point) => Math.round((Date.parse(point.at) - startMs) / 1_000)),
    users: timeline.map((point) => point.users),
    requests: timeline.map((point) => point.requests),
    failures: timeline.map((point) => point.failures),
    failedChecks: columnOf(timeline, 'failedChecks'),
    exceptions: columnOf(timeline, 'exceptions'),
    starts: startColumns(result, timeline),
    annotations: (result.annotations ?? []).map(({ at, text }) => ({
      at: (Date.parse(at) - startMs) / 1_000,
      text,
    })),
    lastMs: lastSecondMs(result),
    p50: timeline.map((point) => answered(point.p50Ms, point.p99Ms)),
    p95: timeline.map((point) => answered(point.p95Ms, point.p99Ms)),
    p99: timeline.map((point) => answered(point.p99Ms, point.p99Ms)),
  };
}

/** A column of the timeline; null if it is all zero. */
function columnOf(timeline: RunResult['timeline'], name: 'failedChecks' | 'exceptions'): number[] | null {
  return timeline.some((point) => (point[name] ?? 0) > 0) ? timeline.map((point) => point[name] ?? 0) : null;
}

/** The timeline without an incomplete last second that has no requests. */
function drawnSeconds({ run, timeline }: RunResult): RunResult['timeline'] {
  const last = timeline.at(-1);
  if (last === undefined || last.requests > 0) return timeline;
  return lastedMsOf(run, last) < 500 ? timeline.slice(0, -1) : timeline;
}

function lastedMsOf({ durationMs, startedAt }: RunResult['run'], { at }: { readonly at: string }): number {
  return Math.round(durationMs - (Date.parse(at) - Date.parse(startedAt)));
}

/**
 * The length of the last second if it is incomplete, so that the chart can mark it. Unmarked, it
 * would look like a collapse.
 */
function lastSecondMs(result: RunResult): number | null {
  const last = drawnSeconds(result).at(-1);
  if (last === undefined) return null;
  const lastedMs = lastedMsOf(result.run, last);
  return lastedMs > 0 && lastedMs < 990 ? lastedMs : null;
}

/** Renders the chart containers and their data. Runs shorter than two seconds have no charts. */
export function renderCharts(result: RunResult): Markup | false {
  const { totals } = result;
  const timeline = drawnSeconds(result);
  if (timeline.length < 2) return false;
  const lastMs = lastSecondMs(result);
  const failing =
    totals.failures > 0 || timeline.some((point) => (point.failedChecks ?? 0) + (point.exceptions ?? 0) > 0);
  return markup`<section class="card charts" aria-labelledby="timeline">
<div class="bar"><h2 id="timeline">Timeline</h2>
<p class="muted screen-only">Drag to zoom, double-click to zoom out, click a legend entry to hide its line</p></div>
<noscript><p class="muted">The charts need JavaScript. The tables below do not.</p></noscript>
${chart('rate', 'Requests per second', 'Requests in each second of the run')}
${failing && chart('failures', 'Failures per second', 'Failed requests, failed checks and exceptions in each second of the run')}
${chart('latency', 'Response time', 'Quantiles p50, p95 and p99 of the response times in each second of the run', LOG_SCALE)}
${timeline.some(({ starts }) => starts) && chart('starts', 'Starts per second', 'Arrivals and iterations in each second of the run: planned, started and dropped')}
${chart('users', 'Users', 'Running users in each second of the run')}
${lastMs !== null && markup`<p class="muted partial"><span class="swatch"></span> The last second (shaded) lasted only ${lastMs} ms, so its values are lower.</p>`}
<script type="application/json" id="chart-data">${embedJson(chartData(result))}</script>
</section>`;
}

const LOG_SCALE = markup`<label class="screen-only"><input type="checkbox" id="log-scale"> Logarithmic</label>`;

function chart(id: string, title: string, label: string, control?: Markup): Markup {
  return markup`<figure><figcaption><span>${title}</span>${control}</figcaption><div id="chart-${id}" role="img" aria-label="${label}"></div></figure>`;
}
