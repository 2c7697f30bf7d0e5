import type { StatsView, TotalsResult } from '@drumline/wire';
import { ApiClient } from '../api-client.js';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';
import { clientOptions } from '../options/client.js';

export const stats = defineCommand({
  usage: 'stats',
  about: 'Show the numbers up to now',
  options: clientOptions,
  examples: [
    ['', 'A line for each series, response times in milliseconds'],
    ['--json', 'For scripts'],
  ],
  run: async ({ api, json }) => {
    const view = await new ApiClient(api).stats();
    console.log(json ? JSON.stringify(view, null, 2) : describe(view));
  },
});

function describe(view: StatsView): string {
  const head = ['method', 'name', 'user', 'requests', 'failures', 'req/s', 'p50', 'p95', 'p99', 'max'];
  const rows = view.series.map((series) => [series.method, series.name, series.user, ...numbers(series)]);
  const table = columns([head, ...rows, ['', 'total', '', ...numbers(view.totals)]], [3, 4, 5, 6, 7, 8, 9]);
  const errors = view.errors.map(
    ({ occurrences, method, name, error }) =>
      `${String(occurrences).padStart(8)} × ${method} ${name}: ${error}`,
  );
  const checks = view.checks.map(
    ({ name, passes, fails }) => `check ${name}: ${passes} passed, ${fails} failed`,
  );
  return [table, ...errors, ...checks].join('\n');
}

function numbers({ requests, failures, rate, latencyMs }: TotalsResult): string[] {
  const { p50, p95, p99, max } = latencyMs;
  return [String(requests), String(failures), rate.toFixed(1), ...[p50, p95, p99, max].map(millis)];
}

const millis = (ms: number): string => (ms < 100 ? ms.toFixed(1) : String(Math.round(ms)));
