import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { RunResult, TimedSeries } from '@drumline/wire';

const require = createRequire(import.meta.url);

/**
 * Renders the HTML report of a run in a thread: it takes half a second of CPU for six hours with
 * 1,000 series, and the master follows other runs meanwhile.
 */
export async function renderHtml(result: RunResult, series: readonly TimedSeries[]): Promise<string> {
  const path = require.resolve('@drumline/dashboard/report-thread');
  // A text is passed on faster than a clone of all points.
  const thread = new Worker(path, { workerData: JSON.stringify({ result, series }) });
  return await new Promise<string>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread that renders the report has ended')));
  });
}
