import { renderHtml } from '@drumline/dashboard/report';
import type { RunResult, TimedSeries } from '@drumline/wire';

/** What a report shows without scripts, as HTML. */
export function shown(result: RunResult, timed: readonly TimedSeries[] = []): string {
  const page = renderHtml(result, timed);
  return page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/json"'));
}

/** The section with this heading. */
export function tableOf(page: string, id: string): string {
  return new RegExp(`<h2 id="${id}">[^]*?</section>`).exec(page)![0];
}

/** The result in the data of a report, without its timeline. */
export function dataOf(page: string): unknown {
  return packedOf(page).result;
}

/** Requests of the series of a report: in its result, and over the time of the run. */
export function seriesSums(page: string): { readonly [of in 'result' | 'charts']: number } {
  const { result, series } = packedOf(page);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    result: sum(result.series.map(({ requests }) => requests)),
    charts: sum(series.series.map(({ columns: { requests = [] } }) => sum(requests))),
  };
}

interface Packed {
  readonly result: Pick<RunResult, 'series'>;
  readonly series: {
    readonly series: readonly { readonly columns: { readonly requests?: readonly number[] } }[];
  };
}

function packedOf(page: string): Packed {
  const [, json] = /<script type="application\/json" id="report-data">([^]*?)<\/script>/.exec(page)!;
  return JSON.parse(json!) as Packed;
}
