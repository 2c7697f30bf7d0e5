import type { RunResult, TimedSeries } from '@drumline/client';
import { renderToString } from 'preact-render-to-string';
import { script, scriptHash, style, styleHash } from 'built:page';
import { openReport, packReport } from './data.js';
import { DATA_ID, ROOT_ID } from './ids.js';
import { ReportPage } from './report-page.js';

/** What a report may do: run its own script and style, and nothing else. No network at all. */
export const REPORT_POLICY = [
  "default-src 'none'",
  `script-src '${scriptHash}'`,
  `style-src '${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Renders the report of a run as one HTML file. It can be read without scripts, and its script
 * makes it interactive. Text from the scenario or the target is escaped. Empty sections are left
 * out.
 * @param timed series over the time of the run, which then have charts of their own
 */
export function renderHtml(result: RunResult, timed: readonly TimedSeries[] = []): string {
  const data = packReport(result, timed);
  const { scenario, drumline } = result.run;
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={REPORT_POLICY} />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content={`Drumline ${drumline}`} />
        <title>{`${scenario} ${result.verdict} · Drumline`}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <div id={ROOT_ID}>
          <ReportPage {...openReport(data)} />
        </div>
        <script type="application/json" id={DATA_ID} dangerouslySetInnerHTML={{ __html: embedJson(data) }} />
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

/** JSON for a script element: its text cannot end the element or start a comment. */
function embedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
