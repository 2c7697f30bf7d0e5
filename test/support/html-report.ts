import { renderHtml } from '@drumline/dashboard/report';
import type { RunResult } from '@drumline/wire';

/** What a report shows without scripts, as HTML. */
export function shown(result: RunResult): string {
  const page = renderHtml(result);
  return page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/json"'));
}

/** The section with this heading. */
export function tableOf(page: string, id: string): string {
  return new RegExp(`<h2 id="${id}">[^]*?</section>`).exec(page)![0];
}

/** The result in the data of a report, without its timeline. */
export function dataOf(page: string): unknown {
  const [, json] = /<script type="application\/json" id="report-data">([^]*?)<\/script>/.exec(page)!;
  return (JSON.parse(json!) as { result: unknown }).result;
}
