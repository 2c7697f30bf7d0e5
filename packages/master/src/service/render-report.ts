import type { RunPlane } from './control-plane.js';
import { renderHtml } from './render-html.js';

/** The formats of a report, each with its media type. The CSV tables are those of `--csv`. */
export const REPORT_FORMATS = {
  json: 'application/json',
  html: 'text/html',
  csv: 'text/csv',
  'history.csv': 'text/csv',
  'failures.csv': 'text/csv',
  'exceptions.csv': 'text/csv',
  xml: 'application/xml',
  md: 'text/markdown',
} as const;

export type ReportFormat = keyof typeof REPORT_FORMATS;

/** Renders the report of a run that has ended. */
export async function renderReport(
  run: Pick<RunPlane, 'result' | 'seriesTimeline'>,
  format: ReportFormat,
): Promise<string> {
  const result = await run.result();
  if (format === 'json') return JSON.stringify(result);
  const { renderCsv, renderJunit, renderSummaryMarkdown, reportedSeries } =
    await import('../report/index.js');
  switch (format) {
    case 'html':
      return await renderHtml(result, await reportedSeries(result, (query) => run.seriesTimeline(query)));
    case 'csv':
      return renderCsv(result).stats;
    case 'history.csv':
      return renderCsv(result).history;
    case 'failures.csv':
      return renderCsv(result).failures;
    case 'exceptions.csv':
      return renderCsv(result).exceptions;
    case 'xml':
      return renderJunit(result);
    case 'md':
      return renderSummaryMarkdown(result);
  }
}
