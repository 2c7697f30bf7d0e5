import { messageOf } from '@drumline/model';
import type { Comparison } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';
import type { Destination } from './destination.js';

const ATTEMPTS = 4;
const RETRY_AFTER_MS = 500;
const TIMEOUT_MS = 60_000;

interface More {
  /** Renders the HTML report. */
  readonly html: () => Promise<string>;
  readonly comparison?: Comparison | undefined;
}

/**
 * Uploads the reports of a run: result.json, report.html, junit.xml and summary.md, below the run's
 * id in a bucket, or one of them to a presigned URL. Repeats what may succeed later.
 * @returns every report that could not be uploaded, and why
 */
export async function uploadReports(
  destination: Destination,
  result: RunResult,
  print: (line: string) => void,
  { html, comparison }: More,
): Promise<string[]> {
  const { renderJunit, renderSummaryMarkdown } = await import('@drumline/master/report');
  const reports: [name: string, type: string, render: () => string | Promise<string>][] = [
    ['result.json', 'application/json', () => `${JSON.stringify(result, null, 2)}\n`],
    ['report.html', 'text/html; charset=utf-8', html],
    ['junit.xml', 'application/xml', () => renderJunit(result, comparison)],
    ['summary.md', 'text/markdown; charset=utf-8', () => renderSummaryMarkdown(result, comparison)],
  ];
  const failures: string[] = [];
  for (const [name, type, render] of reports) {
    if (destination.only !== undefined && destination.only !== name) continue;
    const problem = await put(destination, name, result.run.id, type, Buffer.from(await render()));
    if (problem !== undefined) failures.push(`${name} was not uploaded to ${destination.shown}: ${problem}`);
  }
  const folder = destination.only === undefined ? `/${result.run.id}/` : '';
  if (failures.length === 0) print(`upload  ${destination.shown}${folder}`);
  return failures;
}

/** @returns why it failed, if it did */
async function put(
  destination: Destination,
  name: string,
  runId: string,
  type: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    // Signed again for each attempt: a signature is valid for minutes.
    const { url, headers } = destination.put(name, runId, type, body);
    const [problem, mayPass] = await send(url, headers, body);
    if (problem === undefined || !mayPass || attempt === ATTEMPTS) return problem;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS * 2 ** attempt));
  }
}

async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer>,
): Promise<[problem: string | undefined, mayPass: boolean]> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: 'PUT', headers, body, signal, redirect: 'manual' });
    const text = await response.text();
    if (response.ok) return [undefined, false];
    // Answers of S3 are XML. The rest of them repeats the request, with its signature.
    const [, code] = /<Code>([\w.]{1,80})<\/Code>/.exec(text) ?? [];
    const mayPass = response.status >= 500 || response.status === 429 || response.status === 408;
    return [`status ${response.status}${code === undefined ? '' : ` (${code})`}`, mayPass];
  } catch (error) {
    // The message of `fetch` itself is only "fetch failed".
    return [messageOf((error as Error).cause ?? error), true];
  }
}
